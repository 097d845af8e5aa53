import { orNothing, type YamlValue } from '../format-yaml.ts';
import { readText, type SourceMap } from '../source-map.ts';
import { readPricing } from './pricing.ts';
import type { ProviderPool } from './provider-pool.ts';
import { type ModelId, RESPONSES, readModelId } from './upstreams.ts';

/** Settings of every deployment that does not override them. */
export interface DeploymentDefaults {
  timeout: string | undefined;
  concurrency: YamlValue | undefined;
  credentials: ReadonlyMap<string, SourceMap>;
}

/** One entry of `model_list`, translated to Signalbox. */
export interface Deployment {
  name: string;
  /** The entry in the file. */
  source: SourceMap;
  endpoint: Record<string, YamlValue | undefined>;
  /** Settings of the model beside its endpoints; all deployments of the name must agree on them. */
  facts: Record<string, YamlValue | undefined>;
}

/** Request fields that LiteLLM keeps beside the model, and sends if the client does not set them. */
const BODY_FIELDS = [
  'temperature',
  'top_p',
  'top_k',
  'max_tokens',
  'max_completion_tokens',
  'n',
  'stop',
  'seed',
  'user',
  'presence_penalty',
  'frequency_penalty',
  'logit_bias',
  'reasoning_effort',
  'thinking',
  'response_format',
  'parallel_tool_calls',
  'service_tier',
  'verbosity',
  'dimensions',
];

/** The placeholder that people use for servers without a key. */
const NO_KEY = 'none';

const MODES: Readonly<Record<string, string>> = {
  chat: 'chat',
  completion: 'chat',
  responses: 'chat',
  embedding: 'embeddings',
  image_generation: 'image',
  image_edit: 'image',
  audio_transcription: 'transcription',
  audio_speech: 'tts',
  moderation: 'moderation',
};

const CAPABILITIES = [
  ['supports_vision', 'vision'],
  ['supports_reasoning', 'reasoning'],
  ['supports_function_calling', 'tool_use'],
] as const;

/** Reads an entry of `model_list`; undefined, with a problem recorded, if Signalbox cannot serve it. */
export function readDeployment(
  source: SourceMap,
  pool: ProviderPool,
  defaults: DeploymentDefaults,
): Deployment[] {
  const name = source.take('model_name');
  if (typeof name !== 'string' || name === '') {
    source.refuseAll('model_name', 'is no name');
    return [];
  }
  const params = source.takeMap('litellm_params');
  const info = source.takeMap('model_info');
  const model = params.take('model');
  const named = readText(params, 'custom_llm_provider');
  const id = typeof model === 'string' ? readModelId(model, named) : 'is no text';
  const refusal = typeof id === 'string' ? id : findStars(name, id);
  if (typeof id === 'string' || refusal !== undefined) {
    source.refuseAll('litellm_params', `\`model\` ${refusal}; \`${name}\` is left out`);
    return [];
  }
  if (RESPONSES.test(String(model))) {
    params.refuse('model', 'loses its `responses/`: a call goes to the API that it came in by');
  }
  const mode = readText(info, 'mode');
  const { provider, key } = readProvider(id, params, pool, defaults);
  return [
    {
      name,
      source,
      endpoint: {
        provider,
        slug: id.slug === name ? undefined : id.slug,
        key,
        pricing: readPricing([params, info], mode),
        policies: readLimits(params, defaults),
      },
      facts: readFacts(params, info, mode),
    },
  ];
}

/** Checks the rules for wildcards: one star, at the end of the name. */
function findStars(name: string, { prefix, slug }: ModelId): string | undefined {
  const stars = name.split('*').length - 1;
  if (stars > 1 || (stars === 1 && !name.endsWith('*'))) {
    return 'belongs to a name with a star inside, and Signalbox takes one at the end';
  }
  if (slug.includes('*') && stars === 0) return 'has a star, and its name has none';
  return prefix === '*' ? 'leads everywhere; write one wildcard for each provider' : undefined;
}

function readProvider(
  { prefix, upstream }: ModelId,
  params: SourceMap,
  pool: ProviderPool,
  defaults: DeploymentDefaults,
) {
  const credentials = defaults.credentials.get(readText(params, 'litellm_credential_name') ?? '');
  const setting = (key: string) =>
    readText(params, key) ?? (credentials ? readText(credentials, key) : undefined);
  const baseUrl = setting('api_base') ?? setting('base_url') ?? upstream.baseUrl;
  // In LiteLLM `openai/` is the prefix of every API that copies OpenAI's.
  const isOpenai = /^https:\/\/api\.openai\.com(\/v1)?\/?$/.test(baseUrl ?? '');
  const isCopy = upstream.type === 'OPENAI' && baseUrl !== undefined && !isOpenai;
  const type = isCopy ? 'CUSTOM' : upstream.type;
  const block = {
    type,
    base_url: isOpenai ? undefined : baseUrl,
    timeout: readTimeout(params) ?? defaults.timeout,
    config: orNothing({
      api_version: setting('api_version') ?? upstream.apiVersion,
      organization: type === 'OPENAI' ? readText(params, 'organization') : undefined,
      headers: readHeaders(params),
    }),
  };
  const variable = upstream.keyVariable;
  const fallback = variable === undefined || isCopy ? undefined : `os.environ/${variable}`;
  const name = isCopy ? 'openai-compatible' : prefix;
  const key = setting('api_key') ?? fallback;
  return pool.add({ name, block }, key === NO_KEY ? undefined : key);
}

/** Seconds in the form of the config; undefined for the default. */
export function formatTimeout(seconds: number): string | undefined {
  return seconds === 600 ? undefined : `${seconds}s`;
}

/** LiteLLM's seconds; a variable cannot be converted. */
function readTimeout(params: SourceMap): string | undefined {
  const seconds = params.take('timeout');
  if (typeof seconds === 'number') return formatTimeout(seconds);
  if (seconds !== undefined) params.refuse('timeout', 'is no number of seconds');
  return undefined;
}

function readHeaders(params: SourceMap): YamlValue | undefined {
  const headers = params.takeMap('extra_headers');
  const entries = headers.keys().map((name) => [name, String(headers.take(name))]);
  return orNothing(Object.fromEntries(entries));
}

function readLimits(params: SourceMap, defaults: DeploymentDefaults): YamlValue | undefined {
  const max = (key: string) => params.take(key) as YamlValue | undefined;
  return orNothing({
    requests: orNothing({ per_minute: max('rpm') }),
    tokens: orNothing({ per_minute: max('tpm') }),
    concurrency: orNothing({ max: max('max_parallel_requests') ?? defaults.concurrency }),
  });
}

function readFacts(
  params: SourceMap,
  info: SourceMap,
  mode: string | undefined,
): Deployment['facts'] {
  const type = mode === undefined ? undefined : MODES[mode];
  if (mode !== undefined && type === undefined) info.refuse('mode', 'is no kind of model here');
  const capabilities = CAPABILITIES.filter(([key]) => info.take(key) === true);
  const longest = info.take('max_tokens');
  return {
    type: type === 'chat' ? undefined : type,
    capabilities: capabilities.length === 0 ? undefined : capabilities.map(([, word]) => word),
    context_window: info.take('max_input_tokens') as YamlValue | undefined,
    max_output_tokens: (info.take('max_output_tokens') ?? longest) as YamlValue | undefined,
    config: orNothing({ defaults: orNothing(readBody(params)) }),
  };
}

function readBody(params: SourceMap): Record<string, YamlValue | undefined> {
  return Object.fromEntries(
    BODY_FIELDS.map((field) => [field, params.take(field) as YamlValue | undefined]),
  );
}
