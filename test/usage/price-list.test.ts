import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { createTokenUsage, type TokenUsage } from '../../src/core/token-usage.ts';
import { divideHalfUp, parseDecimal } from '../../src/usage/nano-usd.ts';
import { BUNDLED_LIST, loadPriceList, type PriceList } from '../../src/usage/price-list.ts';
import { priceUsage } from '../../src/usage/price-usage.ts';
import { ratesFor } from '../../src/usage/pricing.ts';

interface RecordedPrice {
  provider: string;
  model: string;
  normalized_usage: Readonly<Record<string, number>>;
  input_price: string;
  output_price: string;
}

/** Real usage and what the list's own project says it cost; origin and licence stand beside it. */
const fixture = new URL('../fixtures/usage-prices/usages.json', import.meta.url);
const recorded: RecordedPrice[] = JSON.parse(readFileSync(fixture, 'utf8')).rows;

const manifestUrl = new URL(
  '../../node_modules/@pydantic/genai-prices/package.json',
  import.meta.url,
);

/** Before the dated price changes that the fixture does not have yet. */
const RECORDED_AT = Date.parse('2026-06-10T12:00:00Z');

let list: PriceList;
before(async () => {
  list = await loadPriceList();
});

function find(provider: string | null, slug: string, at = RECORDED_AT) {
  return list.find({ provider, baseUrl: 'http://gateway.internal/v1', slug, at });
}

function usageOf({ normalized_usage: counts }: RecordedPrice): TokenUsage {
  const count = (name: string) => counts[`${name}_tokens`] ?? 0;
  const usage = createTokenUsage();
  const { tokens } = usage;
  tokens.cacheReadImage = count('cache_image_read');
  tokens.cacheReadAudio = count('cache_audio_read');
  tokens.cacheReadVideo = count('cache_video_read');
  const cachedMedia = tokens.cacheReadImage + tokens.cacheReadAudio + tokens.cacheReadVideo;
  tokens.cacheReadText = count('cache_read') - cachedMedia;
  tokens.cacheWrite5m = count('cache_write');
  tokens.inImage = count('input_image') - tokens.cacheReadImage;
  tokens.inAudio = count('input_audio') - tokens.cacheReadAudio;
  tokens.inVideo = count('input_video') - tokens.cacheReadVideo;
  tokens.toolPrompt = count('input_tool');
  const media = tokens.inImage + tokens.inAudio + tokens.inVideo;
  const cached = count('cache_read') + tokens.cacheWrite5m;
  tokens.inText = count('input') - cached - media - tokens.toolPrompt;
  tokens.outImage = count('output_image');
  tokens.reasoning = count('output_reasoning');
  tokens.outText = count('output') - tokens.outImage - tokens.reasoning;
  return usage;
}

function nanosOf(row: RecordedPrice) {
  const pricing = find(row.provider, row.model)?.pricing ?? null;
  const usage = usageOf(row);
  const { lines } = priceUsage({ usage, pricing, kind: 'tokens', discountBasisPoints: 0 });
  const isOutput = (line: string) => line.startsWith('output') || line === 'reasoning';
  const sum = (wanted: boolean) =>
    lines.reduce((total, [line, nanos]) => total + (isOutput(line) === wanted ? nanos : 0n), 0n);
  return { input: sum(false), output: sum(true) };
}

/** The recorded price in nanos; a few are finer than that. */
function toNanos(price: string): bigint {
  return divideHalfUp(parseDecimal(price, 15), 1_000_000n);
}

describe('loadPriceList', () => {
  test('tells the state of the bundled list by the version of its package', () => {
    const manifest = JSON.parse(readFileSync(manifestUrl, 'utf8'));
    assert.equal(BUNDLED_LIST.version, manifest.version, 'set its date too: `npm view … time`');
  });

  test(`MON-2 all ${recorded.length} recorded usages cost what the list's own project says`, () => {
    for (const row of recorded) {
      const expected = { input: toNanos(row.input_price), output: toNanos(row.output_price) };
      assert.deepEqual(nanosOf(row), expected, `${row.provider} ${row.model}`);
    }
  });

  test('MON-4 an unknown model or upstream has no price', () => {
    assert.equal(find('openai', 'gpt-unheard-of'), null);
    assert.equal(find(null, 'gpt-4o'), null);
    assert.equal(find('no-such-provider', 'gpt-4o'), null);
  });

  test('MON-4 a price for something that is not counted is no price', () => {
    assert.equal(find('perplexity', 'sonar'), null, 'a fee for each request');
    assert.equal(find('mistral', 'mistral-ocr-latest'), null, 'by the page');
  });

  test('MON-4 an entry without a single price is free only if it says so', () => {
    assert.equal(find('google', 'gemma-4-31b-it'), null);
    const free = find('openrouter', 'openai/gpt-oss-20b:free');
    assert.equal(free?.pricing.base.tokens.input_text, 0n);
    assert.equal(free?.pricing.base.tokens.reasoning, 0n);
  });

  test('the URL tells the provider before its type does', () => {
    const query = { provider: 'anthropic', slug: 'deepseek-chat', at: RECORDED_AT };
    const found = list.find({ ...query, baseUrl: 'https://api.deepseek.com/anthropic' });
    assert.equal(found?.matched, 'deepseek/deepseek-chat');
    assert.equal(find('azure', 'gpt-4o')?.matched, 'azure/gpt-4o');
  });

  test('it tells which entry matched, as a pattern may match a newer model', () => {
    const found = find('anthropic', 'claude-sonnet-5-5');
    assert.equal(found?.matched, 'anthropic/claude-sonnet-5');
    assert.equal(found?.pricing.source, 'list: anthropic/claude-sonnet-5');
  });

  test('MON-1 prices by the million become nanos per 1,000, cache writes of 5 m and 1 h apart', () => {
    const rates = find('anthropic', 'claude-sonnet-4-20250514')?.pricing.base.tokens;
    assert.equal(rates?.input_text, 3_000_000n);
    assert.equal(rates?.cache_read_text, 300_000n);
    assert.equal(rates?.cache_write_5m, 3_750_000n);
    assert.equal(rates?.cache_write_1h, 6_000_000n);
    assert.equal(rates?.web_search, 10_000_000n);
    const cheap = find('google', 'gemini-1.5-flash')?.pricing.base.tokens;
    assert.equal(cheap?.cache_read_text, 18_750n, '$0.01875 a million');
  });

  test('MON-1 a tier of the list prices the whole request', () => {
    const pricing = find('anthropic', 'claude-sonnet-4-5')?.pricing;
    assert.ok(pricing);
    assert.equal(ratesFor(pricing, 'tokens', 200_000).output_text, 15_000_000n);
    assert.equal(ratesFor(pricing, 'tokens', 200_001).output_text, 22_500_000n);
    assert.equal(ratesFor(pricing, 'tokens', 200_001).cache_write_1h, 12_000_000n);
  });

  test('MON-1 audio by the hour is exact by the millisecond', () => {
    const pricing = find('groq', 'whisper-large-v3')?.pricing ?? null;
    const usage = { ...createTokenUsage(), units: { audioMs: 3_600_000 } };
    const cost = priceUsage({ usage, pricing, kind: 'tokens', discountBasisPoints: 0 });
    assert.equal(cost.total, 111_000_000n, '$0.111 an hour');
  });

  test('a dated price applies from its date, and the next change is told', () => {
    const before = find('google', 'gemini-3.8-flash', Date.parse('2026-12-31T23:59:59Z'));
    assert.equal(before?.pricing.base.tokens.input_text, 750_000n);
    assert.equal(before?.changesAt, Date.parse('2027-01-01'));
    const after = find('google', 'gemini-3.8-flash', Date.parse('2027-01-01'));
    assert.equal(after?.pricing.base.tokens.input_text, 1_500_000n);
    assert.equal(after?.changesAt, null);
  });

  test('a price by the time of day applies in its hours, and the next change is told', () => {
    const night = find('deepseek', 'deepseek-chat', Date.parse('2026-06-10T17:00:00Z'));
    assert.equal(night?.pricing.base.tokens.input_text, 135_000n);
    assert.equal(night?.changesAt, Date.parse('2026-06-11T00:30:00Z'));
    const day = find('deepseek', 'deepseek-chat', Date.parse('2026-06-10T00:30:00Z'));
    assert.equal(day?.pricing.base.tokens.input_text, 270_000n);
    assert.equal(day?.changesAt, Date.parse('2026-06-10T16:30:00Z'));
  });
});
