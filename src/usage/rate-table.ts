import { TOKEN_BUCKETS, type TokenBucket, UNIT_KINDS, type UnitKind } from '../core/token-usage.ts';

/** One thing that can have a price: a row makes the YAML key, the billing line and the fallback. */
export interface RateRow<Name = string> {
  /** The bucket or unit that the rate multiplies; absent where no upstream reports it apart. */
  counts?: TokenBucket | UnitKind;
  /** Where the config's `pricing` block names the price, and what the key means to its reader. */
  key?: string;
  about?: string;
  /** Keys of the bundled price list, the first one present wins. */
  list?: readonly string[];
  /** A rate that covers this row too wherever it is named, such as cached text for cached images. */
  coveredBy?: Name;
  /** The rate above that applies where this one is not named. */
  fallback?: Name;
  /** The fallback is lowered by `cached_input_discount_percent`. */
  cached?: boolean;
  /** The rate is nanos per this many of what is counted: 1,000 unless said. */
  per?: bigint;
  /** How many the YAML key's price buys, where that is not `per`. */
  keyBuys?: bigint;
}

function defineRates<Table extends { [Name in keyof Table]: RateRow<keyof Table> }>(
  table: Table,
): { readonly [Name in keyof Table]: RateRow<keyof Table> } {
  return table;
}

/**
 * Every pricing dimension (MON-1). The row's name is its line in the ledger's `billing` and its
 * field in the ledger's `tokens` and `units`. A fallback stands above the rows that use it.
 */
export const RATES = defineRates({
  input_text: {
    counts: 'inText',
    key: 'input.text_cost_per_1k_tokens',
    about: 'Text, and every kind of input below that names no rate.',
    list: ['input_mtok'],
  },
  input_image: {
    counts: 'inImage',
    key: 'input.image_cost_per_1k_tokens',
    about: 'Images. Default: the text rate.',
    list: ['input_image_mtok'],
    fallback: 'input_text',
  },
  input_audio: {
    counts: 'inAudio',
    key: 'input.audio_cost_per_1k_tokens',
    about: 'Audio. Default: the text rate.',
    list: ['input_audio_mtok'],
    fallback: 'input_text',
  },
  input_video: {
    counts: 'inVideo',
    key: 'input.video_cost_per_1k_tokens',
    about: 'Video. Default: the text rate.',
    list: ['input_video_mtok'],
    fallback: 'input_text',
  },
  input_reasoning: {
    key: 'input.reasoning_cost_per_1k_tokens',
    about: 'Accepted, and without effect: no provider reports reasoning inside the input.',
  },
  input_document: { counts: 'inDocument', fallback: 'input_text' },
  cache_read_text: {
    counts: 'cacheReadText',
    key: 'cache_read_cost_per_1k_tokens',
    about: 'Input read from a cache; wins over cached_input_discount_percent. Default: that.',
    list: ['cache_read_mtok'],
    fallback: 'input_text',
    cached: true,
  },
  cache_read_image: {
    counts: 'cacheReadImage',
    list: ['cache_image_read_mtok'],
    coveredBy: 'cache_read_text',
    fallback: 'input_image',
    cached: true,
  },
  cache_read_audio: {
    counts: 'cacheReadAudio',
    list: ['cache_audio_read_mtok'],
    coveredBy: 'cache_read_text',
    fallback: 'input_audio',
    cached: true,
  },
  cache_read_video: {
    counts: 'cacheReadVideo',
    list: ['cache_video_read_mtok'],
    coveredBy: 'cache_read_text',
    fallback: 'input_video',
    cached: true,
  },
  cache_read_document: {
    counts: 'cacheReadDocument',
    coveredBy: 'cache_read_text',
    fallback: 'input_document',
    cached: true,
  },
  cache_write_5m: {
    counts: 'cacheWrite5m',
    key: 'cache_write_5m_cost_per_1k_tokens',
    about: 'Input written to a cache for 5 or 30 minutes. Default: the input text rate.',
    list: ['cache_write_5m_mtok', 'cache_write_mtok'],
    fallback: 'input_text',
  },
  cache_write_30m: { counts: 'cacheWrite30m', fallback: 'cache_write_5m' },
  cache_write_1h: {
    counts: 'cacheWrite1h',
    key: 'cache_write_1h_cost_per_1k_tokens',
    about: 'Input written to a cache for 1 or 12 hours. Default: the input text rate.',
    list: ['cache_write_1h_mtok', 'cache_write_mtok'],
    fallback: 'input_text',
  },
  cache_write_12h: { counts: 'cacheWrite12h', fallback: 'cache_write_1h' },
  output_text: {
    counts: 'outText',
    key: 'output.text_cost_per_1k_tokens',
    about: 'Text, and every kind of output below that names no rate.',
    list: ['output_mtok'],
  },
  output_image: {
    counts: 'outImage',
    key: 'output.image_cost_per_1k_tokens',
    about: 'Images. Default: the text rate.',
    list: ['output_image_mtok'],
    fallback: 'output_text',
  },
  output_audio: {
    counts: 'outAudio',
    key: 'output.audio_cost_per_1k_tokens',
    about: 'Audio. Default: the text rate.',
    list: ['output_audio_mtok'],
    fallback: 'output_text',
  },
  output_video: {
    counts: 'outVideo',
    key: 'output.video_cost_per_1k_tokens',
    about: 'Video. Default: the text rate.',
    list: ['output_video_mtok'],
    fallback: 'output_text',
  },
  reasoning: {
    counts: 'reasoning',
    key: 'output.reasoning_cost_per_1k_tokens',
    about: 'Thinking. Default: the text rate.',
    list: ['output_reasoning_mtok'],
    fallback: 'output_text',
  },
  tool_definition: {
    key: 'tools.definition_cost_per_1k_tokens',
    about: 'Accepted, and without effect: no provider reports tool definitions apart.',
  },
  tool_prompt: {
    counts: 'toolPrompt',
    key: 'tools.input_cost_per_1k_tokens',
    about: 'What the provider’s own tools add to the prompt. Default: the input text rate.',
    fallback: 'input_text',
  },
  tool_output: {
    key: 'tools.output_cost_per_1k_tokens',
    about: 'Accepted, and without effect: no provider reports tool calls apart.',
  },
  embeddings: {
    key: 'embeddings_cost_per_1k_tokens',
    about: 'Text on the embeddings routes. Default: the input text rate.',
    fallback: 'input_text',
  },
  image: { counts: 'image', key: 'units.image', about: 'USD per image made.', per: 1n },
  audio_ms: {
    counts: 'audioMs',
    key: 'units.audio_second',
    about: 'USD per second of audio.',
    list: ['audio_hours', 'input_audio_hours'],
    // By the hour, because lists price by the hour and $0.111 an hour is no whole nano a second.
    per: 3_600_000n,
    keyBuys: 1_000n,
  },
  character: { counts: 'character', key: 'units.character_1k', about: 'USD per 1,000 characters.' },
  web_search: {
    counts: 'webSearch',
    key: 'units.web_search',
    about: 'USD per web search that the provider ran.',
    list: ['web_searches_kcount'],
    per: 1n,
  },
  // Free at every provider that counts it.
  // https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-fetch-tool
  web_fetch: { counts: 'webFetch' },
});

export type RateName = keyof typeof RATES;

/** The table in its order, ready to loop over. */
export const RATE_ROWS = Object.entries(RATES) as [RateName, RateRow<RateName>][];

/** A row that something is counted for. */
export interface CountedRow<Count> {
  name: RateName;
  counts: Count;
  per: bigint;
}

function rowsCounting<Count extends string>(counted: readonly Count[]): CountedRow<Count>[] {
  return RATE_ROWS.flatMap(([name, row]) => {
    const counts = counted.find((each) => each === row.counts);
    return counts === undefined ? [] : [{ name, counts, per: row.per ?? 1_000n }];
  });
}

/** The rows of the token buckets. */
export const TOKEN_ROWS: readonly CountedRow<TokenBucket>[] = rowsCounting(TOKEN_BUCKETS);

/** The rows of the things billed by the piece. */
export const UNIT_ROWS: readonly CountedRow<UnitKind>[] = rowsCounting(UNIT_KINDS);

/** The same by what they count. */
export const TOKEN_ROW = byCount(TOKEN_ROWS);
export const UNIT_ROW = byCount(UNIT_ROWS);

function byCount<Count extends string>(rows: readonly CountedRow<Count>[]) {
  const entries = rows.map((row) => [row.counts, row] as const);
  return Object.fromEntries(entries) as Record<Count, CountedRow<Count>>;
}

/** What the groups of the `pricing` block hold. */
export const RATE_GROUPS: Readonly<Record<string, string>> = {
  input: 'USD per 1,000 input tokens that are neither read from nor written to a cache.',
  output: 'USD per 1,000 output tokens.',
  tools: 'USD per 1,000 tokens that the provider reports apart as used by tools.',
  units: 'USD for things billed by the piece.',
};
