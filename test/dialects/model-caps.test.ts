import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DialectId } from '../../src/dialects/dialect.ts';
import { capsOf } from '../../src/dialects/model-caps.ts';

const effortsOf = (dialect: DialectId, slug: string) => capsOf(dialect, slug).efforts.join(' ');

describe('model caps', () => {
  const openai = [
    ['gpt-5', 'minimal low medium high'],
    ['gpt-5-mini-2025-08-07', 'minimal low medium high'],
    ['gpt-5-codex', 'low medium high'],
    ['gpt-5-pro', 'high'],
    ['gpt-5.1', 'none low medium high'],
    ['gpt-5.1-codex', 'low medium high'],
    ['gpt-5.1-codex-mini', 'medium high'],
    ['gpt-5.1-codex-max', 'low medium high xhigh'],
    ['gpt-5.2', 'none low medium high xhigh'],
    ['gpt-5.3-codex', 'low medium high xhigh'],
    ['gpt-5.4-pro', 'medium high xhigh'],
    ['openai/gpt-5.4-mini', 'none low medium high xhigh'],
    ['gpt-5.6', 'none low medium high xhigh max'],
    ['o3', 'low medium high'],
  ] as const;
  for (const [slug, efforts] of openai) {
    test(`${slug} takes the efforts ${efforts}, in both of OpenAI's APIs`, () => {
      assert.equal(effortsOf('openai-chat', slug), efforts);
      assert.equal(effortsOf('openai-responses', slug), efforts);
    });
  }

  const gemini = [
    ['gemini-3-pro-preview', 'low high'],
    ['gemini-3.1-pro-preview', 'low medium high'],
    ['gemini-3-flash-preview', 'minimal low medium high'],
    ['gemini-3.1-flash-lite', 'minimal low medium high'],
    ['gemini-3.7-flash', 'low medium high'],
    ['gemini-3.8-flash', 'low medium high'],
    ['gemini-3.1-flash-image', 'minimal high'],
  ] as const;
  for (const [slug, efforts] of gemini) {
    test(`${slug} takes the levels ${efforts}`, () => {
      assert.equal(effortsOf('google-generate-content', slug), efforts);
    });
  }

  const claude = [
    ['claude-sonnet-4-5', 'enabled disabled', true, true],
    ['claude-sonnet-4-6', 'adaptive enabled disabled', true, false],
    ['claude-opus-5', 'adaptive disabled', true, false],
    ['claude-opus-5-20260301', 'adaptive disabled', true, false],
    ['claude-opus-5-5', 'adaptive', false, false],
    ['anthropic/claude-opus-5.5', 'adaptive', false, false],
    ['claude-sonnet-5-5-20261001', 'adaptive', false, false],
    ['claude-fable-5', 'adaptive', true, false],
    ['claude-fable-5-1', 'adaptive', false, false],
    ['claude-mythos-5-1', 'adaptive', false, false],
  ] as const;
  for (const [slug, thinking, forced, prefill] of claude) {
    test(`${slug} thinks ${thinking}; forced calls ${forced}, prefill ${prefill}`, () => {
      const caps = capsOf('anthropic-messages', slug);
      assert.equal(caps.thinking.join(' '), thinking);
      assert.equal(caps.forced_tool_choice, forced);
      assert.equal(caps.prefill, prefill);
    });
  }

  test('the config has the last word', () => {
    const caps = capsOf('openai-responses', 'gpt-5.4', { efforts: ['low'] });
    assert.deepEqual(caps.efforts, ['low']);
  });
});
