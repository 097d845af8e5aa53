import type { DialectId } from '../../src/dialects/dialect.ts';
import type { Agent, Start } from './agent.ts';

const PLATFORM = `${process.platform}-${process.arch}`;

const CLAUDE: Agent = {
  name: 'claude',
  npmPackage: '@anthropic-ai/claude-code',
  program: `@anthropic-ai/claude-code-${PLATFORM}/claude`,
  dialect: 'anthropic-messages',
  shell: { tool: 'Bash', argument: 'command' },
  start: ({ url, model, prompt }) => ({
    args: ['-p', prompt, '--model', model, '--allowedTools', 'Bash'],
    environment: {
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: 'any',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    },
  }),
};

const CODEX: Agent = {
  name: 'codex',
  npmPackage: '@openai/codex',
  program: '.bin/codex',
  dialect: 'openai-responses',
  shell: { tool: 'exec_command', argument: 'cmd' },
  start: ({ url, model, prompt }) => ({
    // The sandbox of the operating system is not there in every container.
    args: ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', prompt],
    environment: { SIGNALBOX_API_KEY: 'any' },
    files: {
      '.codex/config.toml': [
        `model = "${model}"`,
        'model_provider = "signalbox"',
        '',
        '[model_providers.signalbox]',
        'name = "Signalbox"',
        `base_url = "${url}/v1"`,
        'env_key = "SIGNALBOX_API_KEY"',
        'wire_api = "responses"',
      ].join('\n'),
    },
  }),
};

const GEMINI: Agent = {
  name: 'gemini',
  npmPackage: '@google/gemini-cli',
  program: '.bin/gemini',
  dialect: 'google-generate-content',
  shell: { tool: 'run_shell_command', argument: 'command' },
  start: ({ url, model, prompt }) => ({
    args: ['-p', prompt, '-m', model, '--yolo', '--skip-trust'],
    environment: { GEMINI_API_KEY: 'any', GOOGLE_GEMINI_BASE_URL: url },
    files: {
      '.gemini/settings.json': '{"security":{"auth":{"selectedType":"gemini-api-key"}}}',
    },
  }),
};

/** opencode has one provider package for each dialect; all of them are inside of its program. */
const OPENCODE_PACKAGES: readonly (readonly [DialectId, npm: string, version: string])[] = [
  ['openai-chat', '@ai-sdk/openai-compatible', 'v1'],
  ['openai-responses', '@ai-sdk/openai', 'v1'],
  ['anthropic-messages', '@ai-sdk/anthropic', 'v1'],
  ['google-generate-content', '@ai-sdk/google', 'v1beta'],
];

const OPENCODE = OPENCODE_PACKAGES.map(
  ([dialect, npm, version]): Agent => ({
    name: 'opencode',
    npmPackage: 'opencode-ai',
    program: `opencode-${PLATFORM}/bin/opencode`,
    dialect,
    shell: { tool: 'bash', argument: 'command', more: { description: 'Counts' } },
    start: ({ url, model, prompt }) => ({
      // It would put quotes around an argument with spaces, and escape those inside.
      args: ['run', '-m', `signalbox/${model}`, ...prompt.split(' ')],
      environment: { OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' },
      files: {
        '.config/opencode/opencode.json': JSON.stringify({
          provider: {
            signalbox: {
              npm,
              name: 'Signalbox',
              options: { baseURL: `${url}/${version}`, apiKey: 'any' },
              models: { [model]: {} },
            },
          },
        }),
      },
    }),
  }),
);

/** Qwen Code chooses its dialect by `--auth-type`, which also begins the names of its variables. */
const QWEN_TYPES: readonly (readonly [DialectId, type: string, environment: QwenEnvironment])[] = [
  ['openai-chat', 'openai', (url) => ({ OPENAI_BASE_URL: `${url}/v1` })],
  ['anthropic-messages', 'anthropic', (url) => ({ ANTHROPIC_BASE_URL: url })],
  ['google-generate-content', 'gemini', (url) => ({ GOOGLE_GEMINI_BASE_URL: url })],
];

type QwenEnvironment = (url: string) => Start['environment'];

const QWEN = QWEN_TYPES.map(
  ([dialect, type, environment]): Agent => ({
    name: 'qwen',
    npmPackage: '@qwen-code/qwen-code',
    program: '.bin/qwen',
    dialect,
    shell: { tool: 'run_shell_command', argument: 'command', more: { is_background: 'false' } },
    start: ({ url, model, prompt }) => ({
      args: ['-p', prompt, '--yolo', '--auth-type', type],
      environment: {
        ...environment(url),
        [`${type.toUpperCase()}_API_KEY`]: 'any',
        [`${type.toUpperCase()}_MODEL`]: model,
      },
    }),
  }),
);

/** All agents that are run. */
export const AGENTS: readonly Agent[] = [CLAUDE, CODEX, GEMINI, ...OPENCODE, ...QWEN];
