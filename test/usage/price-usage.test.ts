import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  createTokenCounts,
  createTokenUsage,
  TOKEN_BUCKETS,
  type TokenBucket,
  type TokenUsage,
  totalInput,
} from '../../src/core/token-usage.ts';
import { formatUsd } from '../../src/usage/nano-usd.ts';
import { type PriceRequest, priceUsage } from '../../src/usage/price-usage.ts';
import { compilePricing } from '../../src/usage/pricing.ts';
import { pricingSchema } from '../../src/usage/pricing-schema.ts';

function compile(block: unknown) {
  return compilePricing(pricingSchema.parse(block), 'config');
}

function usageOf(tokens: Partial<TokenUsage['tokens']>, units: TokenUsage['units'] = {}) {
  return { ...createTokenUsage(), tokens: { ...createTokenCounts(), ...tokens }, units };
}

function price(block: unknown, usage: TokenUsage | null, more: Partial<PriceRequest> = {}) {
  const pricing = block === null ? null : compile(block);
  return priceUsage({ usage, pricing, kind: 'tokens', discountBasisPoints: 0, ...more });
}

const sonnet = {
  input: { text_cost_per_1k_tokens: 0.003 },
  output: { text_cost_per_1k_tokens: 0.015 },
  cache_read_cost_per_1k_tokens: 0.0003,
  cache_write_5m_cost_per_1k_tokens: 0.00375,
  cache_write_1h_cost_per_1k_tokens: 0.006,
};

describe('priceUsage', () => {
  test('MON-2 one line for each count that is not zero, and the total is their sum', () => {
    const usage = usageOf({
      inText: 12,
      cacheReadText: 500,
      cacheWrite5m: 2000,
      outText: 30,
      reasoning: 60,
    });
    assert.deepEqual(price(sonnet, usage), {
      total: 9_036_000n,
      reason: undefined,
      lines: [
        ['input_text', 36_000n],
        ['cache_read_text', 150_000n],
        ['cache_write_5m', 7_500_000n],
        ['output_text', 450_000n],
        ['reasoning', 900_000n],
      ],
    });
  });

  test('MON-2 rounds half a nano up, line by line', () => {
    const block = {
      input: { text_cost_per_1k_tokens: '0.0000005' },
      output: { text_cost_per_1k_tokens: '0.000000499' },
    };
    const { lines, total } = price(block, usageOf({ inText: 1, outText: 1 }));
    assert.deepEqual(lines, [
      ['input_text', 1n],
      ['output_text', 0n],
    ]);
    assert.equal(total, 1n);
  });

  test('MON-2 a call that used nothing costs 0', () => {
    assert.deepEqual(price(sonnet, usageOf({})), { total: 0n, reason: undefined, lines: [] });
  });

  test('MON-1 a tier prices the whole request, cached input counting towards it', () => {
    const block = {
      ...sonnet,
      tiers: [
        {
          above_input_tokens: 200_000,
          input: { text_cost_per_1k_tokens: 0.006 },
          output: { text_cost_per_1k_tokens: 0.0225 },
        },
      ],
    };
    const at = price(block, usageOf({ inText: 1000, cacheReadText: 199_000, outText: 1000 }));
    assert.deepEqual(at.lines[0], ['input_text', 3_000_000n]);
    const above = price(block, usageOf({ inText: 1000, cacheReadText: 199_001, outText: 1000 }));
    assert.deepEqual(above.lines[0], ['input_text', 6_000_000n]);
    assert.deepEqual(above.lines.at(-1), ['output_text', 22_500_000n]);
  });

  test('MON-5 the discount applies last, on each line, rounded once', () => {
    const block = { input: { text_cost_per_1k_tokens: '0.000001' }, units: { web_search: 0.04 } };
    const usage = usageOf({ inText: 3 }, { webSearch: 2 });
    const { lines, total } = price(block, usage, { discountBasisPoints: 1_750 });
    assert.deepEqual(lines, [
      ['input_text', 2n],
      ['web_search', 66_000_000n],
    ]);
    assert.equal(total, 66_000_002n);
    assert.equal(price(block, usage, { discountBasisPoints: 10_000 }).total, 0n);
  });

  test('MON-1 prices pieces, and audio by the millisecond', () => {
    const units = { image: 0.04, audio_second: 0.0001, character_1k: 0.015, web_search: 0.01 };
    const usage = usageOf({}, { image: 2, audioMs: 1_500, character: 10, webSearch: 3 });
    assert.deepEqual(price({ units }, usage).lines, [
      ['image', 80_000_000n],
      ['audio_ms', 150_000n],
      ['character', 150_000n],
      ['web_search', 30_000_000n],
    ]);
  });

  test('MON-1 embeddings pay the embeddings rate', () => {
    const block = { embeddings_cost_per_1k_tokens: 0.00002 };
    const usage = usageOf({ inText: 5_000 });
    assert.equal(price(block, usage, { kind: 'embeddings' }).total, 100_000n);
    assert.equal(price(block, usage).total, null);
  });

  test('MON-4 no pricing is unpriced and no usage is unknown, never 0', () => {
    assert.deepEqual(price(null, usageOf({})), { total: null, reason: 'unpriced', lines: [] });
    assert.deepEqual(price(sonnet, null), { total: null, reason: 'usage_unknown', lines: [] });
  });

  test('MON-4 a token that nothing prices makes the cost unknown', () => {
    const inputOnly = { input: { text_cost_per_1k_tokens: 0.003 } };
    assert.equal(price(inputOnly, usageOf({ inText: 5 })).total, 15_000n);
    assert.deepEqual(price(inputOnly, usageOf({ inText: 5, outText: 1 })), {
      total: null,
      reason: 'unpriced',
      lines: [],
    });
  });

  test('MON-4 a piece without a rate is unknown where it is all that was counted', () => {
    assert.equal(price(sonnet, usageOf({}, { character: 80 })).reason, 'unpriced');
    assert.equal(price(sonnet, usageOf({ inText: 1 }, { webSearch: 2 })).total, 3_000n);
  });

  test('MON-4 a pricing by the piece alone ignores the tokens', () => {
    const byThePiece = { units: { image: 0.04 } };
    const usage = usageOf({ inText: 50, outImage: 1290 }, { image: 1 });
    assert.deepEqual(price(byThePiece, usage).lines, [['image', 40_000_000n]]);
    assert.equal(price(byThePiece, usageOf({ inText: 50 })).total, null);
  });

  test('MON-3 pieces are not billed beside the tokens that they are made of', () => {
    const units = { image: 0.04, audio_second: 0.01, character_1k: 0.015, web_search: 0.01 };
    const block = { ...sonnet, units };
    const pieces = { image: 1, audioMs: 500, character: 20, webSearch: 1 };
    assert.deepEqual(price(block, usageOf({ inText: 50, outImage: 100 }, pieces)).lines, [
      ['input_text', 150_000n],
      ['output_image', 1_500_000n],
      ['web_search', 10_000_000n],
    ]);
  });

  test('MON-3 what another model used is priced at that model', () => {
    const usage = usageOf({ inText: 1000 });
    const tokens = { ...createTokenCounts(), inText: 1000, outText: 10 };
    usage.extra = [
      { model: 'advisor', kind: 'advisor_message', tokens },
      { model: 'advisor', kind: 'advisor_message', tokens },
    ];
    const advisor = compile({
      input: { text_cost_per_1k_tokens: 0.005 },
      output: { text_cost_per_1k_tokens: 0.025 },
    });
    const pricingOfExtra: PriceRequest['pricingOfExtra'] = ({ model }) =>
      model === 'advisor' ? advisor : null;
    assert.deepEqual(price(sonnet, usage, { pricingOfExtra }), {
      total: 13_500_000n,
      reason: undefined,
      lines: [
        ['input_text', 3_000_000n],
        ['advisor_message.input_text', 10_000_000n],
        ['advisor_message.output_text', 500_000n],
      ],
    });
  });

  test('MON-4 what an unknown model used makes the cost unknown, unless it used nothing', () => {
    const usage = usageOf({ inText: 1000 });
    usage.extra = [{ model: undefined, kind: 'image_gen', tokens: createTokenCounts() }];
    assert.equal(price(sonnet, usage).total, 3_000_000n);
    usage.extra[0]!.tokens.outImage = 1;
    assert.equal(price(sonnet, usage).reason, 'unpriced');
  });

  test('MON-4 counts that are no whole numbers make the cost unknown and never throw', () => {
    for (const count of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      const unknown = { total: null, reason: 'usage_unknown', lines: [] };
      assert.deepEqual(price(sonnet, usageOf({ inText: 1, outText: count })), unknown);
      assert.deepEqual(price(sonnet, usageOf({ inText: 1 }, { webSearch: count })), unknown);
    }
  });
});

// An oracle in fractions: it knows the contract's words, and nothing of the rate table.

type Block = Record<string, bigint | undefined>;

const KEYS = ['text', 'image', 'audio', 'video'].flatMap((kind) => [`in.${kind}`, `out.${kind}`]);
const FLAT_KEYS = ['out.reasoning', 'tools', 'read', 'write5m', 'write1h'];

const nanos = fc.bigInt({ min: 0n, max: 200_000_000_000n });
const block: fc.Arbitrary<Block> = fc.record(
  Object.fromEntries([...KEYS, ...FLAT_KEYS].map((key) => [key, nanos])),
  { requiredKeys: ['in.text', 'out.text'] },
);
const tierBlock = fc.record(
  Object.fromEntries([...KEYS, ...FLAT_KEYS].map((key) => [key, nanos])),
  {
    requiredKeys: [],
  },
);

function toYaml(named: Block): Record<string, unknown> {
  const usd = (key: string) => (named[key] === undefined ? undefined : formatUsd(named[key]));
  const group = (prefix: string, kinds: string[]) =>
    Object.fromEntries(
      kinds.map((kind) => [`${kind}_cost_per_1k_tokens`, usd(`${prefix}.${kind}`)]),
    );
  return {
    input: group('in', ['text', 'image', 'audio', 'video']),
    output: group('out', ['text', 'image', 'audio', 'video', 'reasoning']),
    tools: { input_cost_per_1k_tokens: usd('tools') },
    cache_read_cost_per_1k_tokens: usd('read'),
    cache_write_5m_cost_per_1k_tokens: usd('write5m'),
    cache_write_1h_cost_per_1k_tokens: usd('write1h'),
  };
}

function oracleRate(named: Block, percent: bigint, bucket: TokenBucket): bigint {
  const input = (kind: string) => named[`in.${kind}`] ?? named['in.text']!;
  const kind = bucket.replace(/^(in|out|cacheRead)/, '').toLowerCase();
  if (bucket === 'toolPrompt') return named['tools'] ?? input('text');
  if (bucket === 'reasoning') return named['out.reasoning'] ?? named['out.text']!;
  if (/^cacheWrite(5|30)m$/.test(bucket)) return named['write5m'] ?? input('text');
  if (/^cacheWrite1/.test(bucket)) return named['write1h'] ?? input('text');
  if (bucket.startsWith('out')) return named[`out.${kind}`] ?? named['out.text']!;
  if (bucket.startsWith('in')) return input(kind);
  return named['read'] ?? halfUp(input(kind) * (100n - percent), 100n);
}

function halfUp(numerator: bigint, denominator: bigint): bigint {
  const floor = numerator / denominator;
  return (numerator % denominator) * 2n >= denominator ? floor + 1n : floor;
}

const counts = fc.record(
  Object.fromEntries(
    TOKEN_BUCKETS.map((bucket) => [bucket, fc.oneof(fc.constant(0), fc.nat(3_000_000))]),
  ) as Record<TokenBucket, fc.Arbitrary<number>>,
);

describe('priceUsage against exact fractions', () => {
  test('MON-2 MON-3 ROU-8 any price, usage and discount gives the exact nanos', () => {
    const percents = fc.integer({ min: 0, max: 100 });
    const discounts = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(block, counts, percents, discounts, (named, tokens, percent, discount) => {
        const yaml = { ...toYaml(named), cached_input_discount_percent: percent };
        const cost = price(yaml, usageOf(tokens), { discountBasisPoints: discount });
        let expected = 0n;
        for (const bucket of TOKEN_BUCKETS) {
          const product = BigInt(tokens[bucket]) * oracleRate(named, BigInt(percent), bucket);
          expected += halfUp(product * BigInt(10_000 - discount), 10_000_000n);
        }
        assert.equal(cost.total, expected);
        assert.equal(
          cost.lines.reduce((sum, [, line]) => sum + line, 0n),
          expected,
        );
        assert.equal(cost.lines.length, TOKEN_BUCKETS.filter((each) => tokens[each] > 0).length);
      }),
    );
  });

  test('MON-1 the tier above which the input is prices every token of the request', () => {
    const above = fc.integer({ min: 0, max: 40_000_000 });
    fc.assert(
      fc.property(block, tierBlock, above, counts, (base, tier, threshold, tokens) => {
        const yaml = {
          ...toYaml(base),
          tiers: [{ above_input_tokens: threshold, ...toYaml(tier as Block) }],
        };
        const applies = totalInput(tokens) > threshold;
        const whole = applies ? { ...base, ...(tier as Block) } : base;
        assert.deepEqual(price(yaml, usageOf(tokens)), price(toYaml(whole), usageOf(tokens)));
      }),
    );
  });
});
