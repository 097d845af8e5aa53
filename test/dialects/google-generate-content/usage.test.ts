import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { googleEmbeddings } from '../../../src/dialects/google-embeddings.ts';
import { readGenerateUsage } from '../../../src/dialects/google-generate-content/usage.ts';
import { nonzeroTokens } from '../../support/nonzero-tokens.ts';

const usageOf = (usageMetadata: object) => readGenerateUsage({ usageMetadata });
const tokensOf = (usageMetadata: object) => nonzeroTokens(usageOf(usageMetadata));

const TEXT = (tokenCount: number) => ({ modality: 'TEXT', tokenCount });
const IMAGE = (tokenCount: number) => ({ modality: 'IMAGE', tokenCount });

describe('readGenerateUsage', () => {
  test('X-53, V5: thoughts stand beside the candidates', () => {
    const report = {
      promptTokenCount: 20,
      candidatesTokenCount: 198,
      thoughtsTokenCount: 405,
      totalTokenCount: 623,
    };
    assert.deepEqual(tokensOf(report), { inText: 20, outText: 198, reasoning: 405 });
  });

  test('X-53, V6: thoughts that the total shows to be inside the candidates are not counted twice', () => {
    const report = {
      promptTokenCount: 100,
      candidatesTokenCount: 150,
      thoughtsTokenCount: 100,
      totalTokenCount: 250,
    };
    assert.deepEqual(tokensOf(report), { inText: 100, outText: 50, reasoning: 100 });
  });

  test('X-60, V7: a blocked prompt is billed as input', () => {
    assert.deepEqual(tokensOf({ promptTokenCount: 8175, totalTokenCount: 8175 }), { inText: 8175 });
  });

  test('cached tokens are a slice of the prompt in each modality', () => {
    const report = {
      promptTokenCount: 300,
      cachedContentTokenCount: 40,
      promptTokensDetails: [IMAGE(258), TEXT(42)],
      cacheTokensDetails: [TEXT(40)],
    };
    assert.deepEqual(tokensOf(report), { inImage: 258, inText: 2, cacheReadText: 40 });
  });

  test('every modality has its bucket, and what no detail explains is text', () => {
    const report = {
      promptTokenCount: 3297,
      cachedContentTokenCount: 2918,
      promptTokensDetails: [
        TEXT(83),
        { modality: 'VIDEO', tokenCount: 2893 },
        { modality: 'AUDIO', tokenCount: 321 },
      ],
      cacheTokensDetails: [
        { modality: 'AUDIO', tokenCount: 284 },
        TEXT(73),
        { modality: 'VIDEO', tokenCount: 2561 },
      ],
      candidatesTokenCount: 55,
      candidatesTokensDetails: [IMAGE(30)],
      toolUsePromptTokenCount: 9,
    };
    assert.deepEqual(tokensOf(report), {
      inText: 10,
      inVideo: 332,
      inAudio: 37,
      cacheReadText: 73,
      cacheReadAudio: 284,
      cacheReadVideo: 2561,
      toolPrompt: 9,
      outText: 25,
      outImage: 30,
    });
  });

  test('a total that matches neither sum decides what the visible output is', () => {
    const report = { promptTokenCount: 10, candidatesTokenCount: 5, thoughtsTokenCount: 20 };
    assert.deepEqual(tokensOf({ ...report, totalTokenCount: 42 }), {
      inText: 10,
      outText: 12,
      reasoning: 20,
    });
    assert.deepEqual(tokensOf(report), { inText: 10, outText: 5, reasoning: 20 });
    const odd = usageOf({ ...report, totalTokenCount: 1 });
    assert.deepEqual(nonzeroTokens(odd), { inText: 10, outText: 5, reasoning: 20 });
    assert.equal(odd?.anomaly, true);
  });

  test('a cache larger than the prompt is cut and marks an anomaly', () => {
    const usage = usageOf({ promptTokenCount: 10, cachedContentTokenCount: 90 });
    assert.deepEqual(nonzeroTokens(usage), { cacheReadText: 10 });
    assert.equal(usage?.anomaly, true);
  });

  test('MON-6: metadata without counts reports no usage', () => {
    for (const answer of [null, {}, { usageMetadata: { trafficType: 'ON_DEMAND' } }]) {
      assert.equal(readGenerateUsage(answer), null);
    }
  });
});

describe('googleEmbeddings', () => {
  test('counts the prompt where it is reported', () => {
    const answer = { embeddings: [{ values: [0.1] }], usageMetadata: { promptTokenCount: 4 } };
    assert.deepEqual(nonzeroTokens(googleEmbeddings.readUsage(answer)), { inText: 4 });
    assert.equal(googleEmbeddings.readUsage({ embeddings: [] }), null);
  });
});
