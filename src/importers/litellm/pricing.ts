import { parseDecimal } from '../../usage/nano-usd.ts';
import type { YamlValue } from '../format-yaml.ts';
import type { SourceMap } from '../source-map.ts';

/** A price key of LiteLLM, the matching key here, and how many of its units the new price is for. */
type PriceKey = readonly [litellm: string, path: readonly [string, string?], buys: bigint];

/** https://docs.litellm.ai/docs/proxy/custom_pricing */
const TOKEN_PRICES: readonly PriceKey[] = [
  ['input_cost_per_token', ['input', 'text_cost_per_1k_tokens'], 1_000n],
  ['input_cost_per_audio_token', ['input', 'audio_cost_per_1k_tokens'], 1_000n],
  ['output_cost_per_token', ['output', 'text_cost_per_1k_tokens'], 1_000n],
  ['output_cost_per_audio_token', ['output', 'audio_cost_per_1k_tokens'], 1_000n],
  ['output_cost_per_reasoning_token', ['output', 'reasoning_cost_per_1k_tokens'], 1_000n],
  ['cache_read_input_token_cost', ['cache_read_cost_per_1k_tokens'], 1_000n],
  ['cache_creation_input_token_cost', ['cache_write_5m_cost_per_1k_tokens'], 1_000n],
  ['cache_creation_input_token_cost_above_1hr', ['cache_write_1h_cost_per_1k_tokens'], 1_000n],
];

const UNIT_PRICES: readonly PriceKey[] = [
  ['output_cost_per_image', ['units', 'image'], 1n],
  ['input_cost_per_character', ['units', 'character_1k'], 1_000n],
];

/** The end of a key such as `_above_200k_tokens`; the price applies to the whole request, as here. */
const TIER = /_above_(\d+)k_tokens?$/;

/** Beyond this a per-token price is finer than a nano-dollar per 1,000 tokens. */
const NANO_DECIMALS = 9;

/** The `pricing` block of a deployment, from its params and its info; undefined where neither has a price. */
export function readPricing(
  sources: readonly SourceMap[],
  mode: string | undefined,
): YamlValue | undefined {
  const block: Record<string, YamlValue> = {};
  for (const source of sources) {
    const seconds: PriceKey = ['input_cost_per_second', ['units', 'audio_second'], 1n];
    const units = mode === 'audio_transcription' ? [...UNIT_PRICES, seconds] : UNIT_PRICES;
    for (const [key, path, buys] of [...TOKEN_PRICES, ...units]) {
      const nanos = takePrice(source, key, buys);
      if (nanos !== undefined) put(block, path, nanos);
    }
    const tiers = readTiers(source);
    if (tiers.length > 0) block['tiers'] = tiers;
  }
  return Object.keys(block).length === 0 ? undefined : block;
}

function readTiers(source: SourceMap): YamlValue[] {
  const tiers = new Map<number, Record<string, YamlValue>>();
  for (const key of source.keys()) {
    const [suffix, thousands] = TIER.exec(key) ?? [];
    if (suffix === undefined) continue;
    const base = key.slice(0, -suffix.length);
    const row = TOKEN_PRICES.find(([name]) => name === base);
    const nanos = row && takePrice(source, key, row[2]);
    if (nanos === undefined) continue;
    const above = Number(thousands) * 1_000;
    const tier = tiers.get(above) ?? { above_input_tokens: above };
    put(tier, row?.[1] ?? [base], nanos);
    tiers.set(above, tier);
  }
  return [...tiers.values()];
}

function takePrice(source: SourceMap, key: string, buys: bigint): bigint | undefined {
  if (!source.has(key)) return undefined;
  const amount = source.take(key);
  if (amount === undefined) return undefined;
  try {
    if (typeof amount !== 'number' && typeof amount !== 'string') throw new Error('no number');
    const extra = String(buys).length - 1;
    return parseDecimal(amount, NANO_DECIMALS + extra);
  } catch {
    source.refuse(key, 'is no price in whole nano-dollars; write it under `pricing` yourself');
    return undefined;
  }
}

function put(block: Record<string, YamlValue>, [first, second]: PriceKey[1], nanos: bigint): void {
  if (second === undefined) block[first] = nanos;
  else block[first] = { ...(block[first] as object), [second]: nanos };
}
