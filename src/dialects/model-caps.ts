import type { DialectId } from './dialect.ts';
import type { Effort } from './ir/chat-request.ts';

/** What one upstream model can do. It is data, so that a wrong guess can be corrected in the config. */
export interface ModelCaps {
  /** Streams may be asked for usage with `stream_options.include_usage` (chat completions). */
  stream_usage: boolean;
  /** The `developer` role is known (chat completions). */
  developer_role: boolean;
  /** Instructions may stand in the middle of the conversation. */
  mid_system: boolean;
  /** Instructions may only stand first (some chat completions servers refuse others). */
  system_only_first: boolean;
  /** temperature, top_p, top_k and the penalties are accepted. */
  sampling: boolean;
  reasoning: boolean;
  /** Forms of `thinking` that an Anthropic model accepts. */
  thinking: readonly ('enabled' | 'adaptive' | 'disabled')[];
  /** Effort words that are accepted, weakest first. */
  efforts: readonly Effort[];
  /** A summary of the reasoning may be asked for (responses; OpenAI wants a verified organization). */
  reasoning_summary: boolean;
  /** Google: `level` (3 and later) or `budget` (2.5). */
  thinking_control: 'level' | 'budget';
  /** Smallest and largest thinking budget, for models that take one. */
  min_budget: number;
  max_budget: number;
  /** The last turn may be the assistant's, to be continued. */
  prefill: boolean;
  structured_outputs: boolean;
  /** The model can be made to call a tool (Anthropic). */
  forced_tool_choice: boolean;
  /** A schema and function tools may stand in one request. */
  schema_with_tools: boolean;
  /** `max_tokens` instead of `max_completion_tokens` (chat completions). */
  legacy_max_tokens: boolean;
  /** `safety_identifier`, `prompt_cache_key`, `service_tier` and `verbosity` are accepted (chat completions). */
  openai_hints: boolean;
  /** Tools of type `custom`, which take free text, are known (chat completions). */
  custom_tools: boolean;
  max_output_tokens: number | undefined;
  /** Kinds of input that the model takes beside text. */
  input: readonly ('image' | 'audio' | 'video' | 'document')[];
  /** Media may stand inside a tool result. */
  multimodal_tool_result: boolean;
  /** Google: calls and responses carry ids. */
  tool_call_ids: boolean;
  /** Google: `parametersJsonSchema` and `responseJsonSchema` are known. */
  json_schema_tools: boolean;
  /** Google: a part may have a `mediaResolution`. */
  media_resolution: boolean;
  /** Google: the first call of a step must be sent back with its signature. */
  require_thought_signature: boolean;
  /** The upstream expects its `reasoning_content` back (DeepSeek, Moonshot). */
  reasoning_content_input: boolean;
  /** `explicit`: cache breakpoints are accepted (chat completions, responses). */
  prompt_cache: 'explicit' | 'none';
  stop_sequences: boolean;
  web_search: boolean;
  code_execution: boolean;
}

/** What a model is assumed to be able to do, unless a row of `KNOWN` or the config says otherwise. */
const DEFAULTS: Readonly<Record<DialectId, ModelCaps>> = (() => {
  const common: ModelCaps = {
    stream_usage: true,
    developer_role: false,
    mid_system: true,
    system_only_first: false,
    sampling: true,
    reasoning: true,
    thinking: [],
    efforts: ['low', 'medium', 'high'],
    reasoning_summary: true,
    thinking_control: 'budget',
    min_budget: 1024,
    max_budget: 32_768,
    prefill: true,
    structured_outputs: true,
    forced_tool_choice: true,
    schema_with_tools: true,
    legacy_max_tokens: false,
    openai_hints: false,
    custom_tools: false,
    max_output_tokens: undefined,
    input: ['image', 'audio', 'video', 'document'],
    multimodal_tool_result: true,
    tool_call_ids: true,
    json_schema_tools: true,
    media_resolution: false,
    require_thought_signature: false,
    reasoning_content_input: false,
    prompt_cache: 'none',
    stop_sequences: true,
    web_search: false,
    code_execution: false,
  };
  return {
    'openai-chat': { ...common, legacy_max_tokens: true, multimodal_tool_result: false },
    'openai-responses': {
      ...common,
      developer_role: true,
      stop_sequences: false,
      web_search: true,
      code_execution: true,
    },
    'anthropic-messages': {
      ...common,
      mid_system: false,
      thinking: ['enabled', 'disabled'],
      structured_outputs: false,
      max_output_tokens: 8192,
      input: ['image', 'document'],
      web_search: true,
    },
    'google-generate-content': {
      ...common,
      mid_system: false,
      multimodal_tool_result: false,
      schema_with_tools: false,
      web_search: true,
      code_execution: true,
    },
  };
})();

type Row = readonly [slug: RegExp, caps: Partial<ModelCaps>];

const ADAPTIVE = {
  thinking: ['adaptive', 'disabled'],
  efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
  structured_outputs: true,
  mid_system: true,
  prefill: false,
  sampling: false,
  max_output_tokens: 128_000,
} as const satisfies Partial<ModelCaps>;

/**
 * Efforts of OpenAI's models, as the API's own errors list them: https://github.com/anomalyco/opencode/pull/26268
 * `max` came with 5.6: https://developers.openai.com/api/docs/guides/deployment-checklist
 */
const OPENAI_EFFORTS: readonly Row[] = [
  [/^gpt-5(-|$)/, { efforts: ['minimal', 'low', 'medium', 'high'] }],
  [/^gpt-5\.1(-|$)/, { efforts: ['none', 'low', 'medium', 'high'] }],
  [/^gpt-(5\.[2-9]|[6-9])/, { efforts: ['none', 'low', 'medium', 'high', 'xhigh'] }],
  [/^gpt-(5\.[6-9]|[6-9])/, { efforts: ['none', 'low', 'medium', 'high', 'xhigh', 'max'] }],
  [/^gpt-5(\.1)?-codex/, { efforts: ['low', 'medium', 'high'] }],
  [/^gpt-5\.1-codex-mini/, { efforts: ['medium', 'high'] }],
  [/^gpt-(5\.1-codex-max|5\.[2-9]-codex)/, { efforts: ['low', 'medium', 'high', 'xhigh'] }],
  [/^gpt-5-pro/, { efforts: ['high'] }],
  [/^gpt-5\.[2-9]-pro/, { efforts: ['medium', 'high', 'xhigh'] }],
];

/** From these on a model always thinks, and cannot be made to call a tool. */
const ALWAYS_THINKING = {
  thinking: ['adaptive'],
  forced_tool_choice: false,
} as const satisfies Partial<ModelCaps>;

/** What is known of families of models; later rows refine earlier ones. */
const KNOWN: Readonly<Record<DialectId, readonly Row[]>> = {
  'openai-chat': [
    [
      /^(gpt-[4-9]|chatgpt|o\d)/,
      { developer_role: true, legacy_max_tokens: false, openai_hints: true },
    ],
    [/^(gpt-[5-9]|o\d)/, { sampling: false, stop_sequences: false }],
    [/^gpt-[5-9]/, { custom_tools: true }],
    ...OPENAI_EFFORTS,
    [/^(gpt-4|gpt-3|chatgpt)/, { reasoning: false }],
    // Billed cache writes came with explicit breakpoints in 5.6.
    // https://platform.openai.com/docs/guides/prompt-caching
    [/^gpt-(5\.[6-9]|[6-9])/, { prompt_cache: 'explicit' }],
    [/^(deepseek|kimi|moonshot)/, { reasoning_content_input: true }],
  ],
  'openai-responses': [
    [/^(gpt-5|gpt-6|o\d)/, { sampling: false }],
    ...OPENAI_EFFORTS,
    [/^(gpt-4|gpt-3|chatgpt)/, { reasoning: false }],
    [/^gpt-(5\.[6-9]|[6-9])/, { prompt_cache: 'explicit' }],
  ],
  // https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking
  'anthropic-messages': [
    [
      /^claude-(3|opus-3|haiku-3|sonnet-3)/,
      { reasoning: false, thinking: [], max_output_tokens: 8192 },
    ],
    [
      /^claude-3-7/,
      { reasoning: true, thinking: ['enabled', 'disabled'], max_output_tokens: 64_000 },
    ],
    [/^claude-(opus|sonnet|haiku)-4/, { structured_outputs: true, max_output_tokens: 64_000 }],
    [/^claude-opus-4(-0|-1|-2025|$)/, { max_output_tokens: 32_000, structured_outputs: false }],
    [
      /^claude-(opus|sonnet)-4[.-]6/,
      {
        thinking: ['adaptive', 'enabled', 'disabled'],
        efforts: ['low', 'medium', 'high', 'max'],
        // https://platform.claude.com/docs/en/about-claude/models/migration-guide
        prefill: false,
        max_output_tokens: 128_000,
      },
    ],
    [/^claude-(opus|sonnet|haiku)-(4[.-][7-9]|[5-9])/, ADAPTIVE],
    [/^claude-(fable|mythos)/, { ...ADAPTIVE, thinking: ['adaptive'] }],
    // https://platform.claude.com/docs/en/models/opus-5-5/whats-new-opus-5-5
    [/^claude-(opus|sonnet|haiku)-(5[.-][5-9](?!\d)|[6-9])/, ALWAYS_THINKING],
    [/^claude-(fable|mythos)-(5[.-][1-9](?!\d)|[6-9])/, ALWAYS_THINKING],
  ],
  // https://ai.google.dev/gemini-api/docs/thinking; 3.7 and 3.8 refuse `minimal`, though their names say Flash:
  // https://github.com/simonw/llm-gemini/issues/145
  'google-generate-content': [
    [/^gemini-(1|2\.0)/, { reasoning: false, json_schema_tools: false }],
    [/^gemini-2\.5-pro/, { min_budget: 128, max_budget: 32_768 }],
    [/^gemini-2\.5-flash/, { min_budget: 0, max_budget: 24_576 }],
    [
      /^gemini-[3-9]/,
      {
        thinking_control: 'level',
        efforts: ['low', 'medium', 'high'],
        multimodal_tool_result: true,
        schema_with_tools: true,
        media_resolution: true,
        require_thought_signature: true,
      },
    ],
    [/^gemini-3-pro/, { efforts: ['low', 'high'] }],
    [/^gemini-(3-flash|3\.\d-flash-lite)/, { efforts: ['minimal', 'low', 'medium', 'high'] }],
    [/^gemini-3\.1-flash(-lite)?-image/, { efforts: ['minimal', 'high'] }],
  ],
};

/** The capabilities of an upstream model: the defaults, then its family's rows, then the config. */
export function capsOf(
  dialect: DialectId,
  slug: string,
  overrides: Partial<ModelCaps> = {},
): ModelCaps {
  const name = bareName(slug);
  const rows = KNOWN[dialect].filter(([pattern]) => pattern.test(name)).map(([, caps]) => caps);
  return Object.assign({}, DEFAULTS[dialect], ...rows, overrides);
}

/** Tag of the family whose members read each other's signed reasoning: `claude`, `gpt`, `gemini`. */
export function familyOf(slug: string): string {
  return /^[a-z]+/.exec(bareName(slug))?.[0] ?? 'model';
}

/** The slug without the vendor prefix that some providers use. */
function bareName(slug: string): string {
  return (slug.split('/').at(-1) ?? slug).toLowerCase();
}
