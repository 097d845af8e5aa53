/** How Signalbox reaches an upstream of LiteLLM. */
export interface Upstream {
  type: 'OPENAI' | 'ANTHROPIC' | 'GOOGLE' | 'AZURE_OPENAI' | 'VLLM' | 'CUSTOM';
  /** Base URL, or the variable that LiteLLM takes it from; absent if the provider type has a default. */
  baseUrl?: string;
  /** The variable of the key that LiteLLM uses if the file names none. */
  keyVariable?: string;
  /** The version segment for URLs without one; "" for none. */
  apiVersion?: string;
  /** The prefix that LiteLLM adds to a slug without it. */
  slugPrefix?: string;
}

const custom = (baseUrl: string, keyVariable?: string): Upstream => ({
  type: 'CUSTOM',
  baseUrl,
  ...(keyVariable === undefined ? {} : { keyVariable }),
});

const openai: Upstream = { type: 'OPENAI', keyVariable: 'OPENAI_API_KEY' };
const ollama = custom('http://localhost:11434');

/**
 * Every prefix of `litellm_params.model` that stands for an API Signalbox speaks, with the defaults of
 * https://github.com/BerriAI/litellm/blob/main/litellm/litellm_core_utils/get_llm_provider_logic.py
 */
export const UPSTREAMS: Readonly<Record<string, Upstream>> = {
  openai,
  'text-completion-openai': openai,
  anthropic: { type: 'ANTHROPIC', keyVariable: 'ANTHROPIC_API_KEY' },
  gemini: { type: 'GOOGLE', keyVariable: 'GEMINI_API_KEY' },
  azure: {
    type: 'AZURE_OPENAI',
    baseUrl: 'os.environ/AZURE_API_BASE',
    keyVariable: 'AZURE_API_KEY',
  },
  hosted_vllm: { type: 'VLLM', baseUrl: 'os.environ/HOSTED_VLLM_API_BASE' },
  ollama,
  ollama_chat: ollama,
  lm_studio: custom('os.environ/LM_STUDIO_API_BASE'),
  llamafile: custom('http://127.0.0.1:8080/v1'),
  litellm_proxy: custom('os.environ/LITELLM_PROXY_API_BASE', 'LITELLM_PROXY_API_KEY'),
  cerebras: custom('https://api.cerebras.ai/v1', 'CEREBRAS_API_KEY'),
  codestral: custom('https://codestral.mistral.ai/v1', 'CODESTRAL_API_KEY'),
  deepinfra: custom('https://api.deepinfra.com/v1/openai', 'DEEPINFRA_API_KEY'),
  deepseek: custom('https://api.deepseek.com/v1', 'DEEPSEEK_API_KEY'),
  fireworks_ai: {
    ...custom('https://api.fireworks.ai/inference/v1', 'FIREWORKS_API_KEY'),
    slugPrefix: 'accounts/fireworks/models/',
  },
  friendliai: custom('https://api.friendli.ai/serverless/v1', 'FRIENDLIAI_API_KEY'),
  groq: custom('https://api.groq.com/openai/v1', 'GROQ_API_KEY'),
  meta_llama: custom('https://api.llama.com/compat/v1', 'LLAMA_API_KEY'),
  mistral: custom('https://api.mistral.ai/v1', 'MISTRAL_API_KEY'),
  moonshot: custom('https://api.moonshot.ai/v1', 'MOONSHOT_API_KEY'),
  nvidia_nim: custom('https://integrate.api.nvidia.com/v1', 'NVIDIA_NIM_API_KEY'),
  openrouter: custom('https://openrouter.ai/api/v1', 'OPENROUTER_API_KEY'),
  perplexity: { ...custom('https://api.perplexity.ai', 'PERPLEXITYAI_API_KEY'), apiVersion: '' },
  sambanova: custom('https://api.sambanova.ai/v1', 'SAMBANOVA_API_KEY'),
  together_ai: custom('https://api.together.xyz/v1', 'TOGETHERAI_API_KEY'),
  volcengine: custom('https://ark.cn-beijing.volces.com/api/v3', 'VOLCENGINE_API_KEY'),
  xai: custom('https://api.x.ai/v1', 'XAI_API_KEY'),
};

/** Models that LiteLLM knows without a prefix: it has full lists, of which these are the families. */
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/^(?:ft:)?(?:gpt-|chatgpt-|o\d(?:-|$)|davinci|babbage)/, 'openai'],
  [/^(?:text-embedding-|dall-e-|tts-|whisper-|omni-moderation|text-moderation)/, 'openai'],
  [/^claude-/, 'anthropic'],
];

/** The parts of a `litellm_params.model`. */
export interface ModelId {
  prefix: string;
  slug: string;
  upstream: Upstream;
}

/** Reads a model id such as `azure/gpt-4o-eu`; returns a sentence if Signalbox cannot serve it. */
export function readModelId(model: string, namedPrefix: string | undefined): ModelId | string {
  const slash = model.indexOf('/');
  const before = slash === -1 ? undefined : model.slice(0, slash);
  const family = FAMILIES.find(([pattern]) => pattern.test(model))?.[1];
  const isPrefixed = before !== undefined && (before === namedPrefix || before in UPSTREAMS);
  const prefix = isPrefixed ? before : (namedPrefix ?? (before === undefined ? family : before));
  if (prefix === undefined) {
    return 'names no provider; write one in front, such as `openai/`, and import again';
  }
  const upstream = UPSTREAMS[prefix];
  if (!upstream) return `leads to \`${prefix}\`, whose API Signalbox does not speak`;
  const slug = (isPrefixed ? model.slice(slash + 1) : model).replace(RESPONSES, '');
  if (slug === '') return 'names no model behind its provider';
  return { prefix, slug: addPrefix(slug, upstream.slugPrefix), upstream };
}

/** The prefix by which LiteLLM sends chats to the Responses API. */
export const RESPONSES = /(?<=^|\/)responses\//;

function addPrefix(slug: string, prefix: string | undefined): string {
  if (prefix === undefined || /^accounts\/|[#*]/.test(slug)) return slug;
  return prefix + slug;
}
