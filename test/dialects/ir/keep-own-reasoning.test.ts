import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DialectId } from '../../../src/dialects/dialect.ts';
import type { Block, Signature } from '../../../src/dialects/ir/chat-request.ts';
import { keepOwnReasoning } from '../../../src/dialects/ir/keep-own-reasoning.ts';
import { assistant, call, reasoning, text, user } from './conversation.ts';

const CLAUDE = { dialect: 'anthropic-messages', family: 'claude' } as const;
const GPT = { dialect: 'openai-responses', family: 'gpt' } as const;
const GEMINI = { dialect: 'google-generate-content', family: 'gemini' } as const;
const DEEPSEEK = { dialect: 'openai-chat', family: 'deepseek' } as const;

function sign(
  { dialect, family }: { dialect: DialectId; family: string },
  target: Signature['target'] = 'self',
  value = 'state',
): Signature {
  return { dialect, family, kind: 'sig', value, target };
}

interface Case {
  what: string;
  reader: { dialect: DialectId; family: string };
  given: Block[];
  expected: Block[];
  reasoningContentInput?: boolean;
}

const CASES: Case[] = [
  {
    what: 'reasoning of its own stays as it is, without text too (X-18)',
    reader: CLAUDE,
    given: [reasoning('hm', sign(CLAUDE)), reasoning('', sign(CLAUDE)), text('a')],
    expected: [reasoning('hm', sign(CLAUDE)), reasoning('', sign(CLAUDE)), text('a')],
  },
  {
    what: 'reasoning of another dialect is dropped, never shown (X-19)',
    reader: CLAUDE,
    given: [reasoning('hm', sign(GPT)), text('a')],
    expected: [text('a')],
  },
  {
    what: 'reasoning of another family is dropped',
    reader: CLAUDE,
    given: [reasoning('hm', sign({ ...CLAUDE, family: 'other' })), text('a')],
    expected: [text('a')],
  },
  {
    what: 'reasoning that nobody signed is dropped',
    reader: CLAUDE,
    given: [reasoning('hm'), text('a')],
    expected: [text('a')],
  },
  {
    what: 'text of reasoning stays for upstreams that read it, without any signature',
    reader: DEEPSEEK,
    given: [reasoning('hm'), reasoning('so', sign(CLAUDE)), reasoning('', sign(GPT)), text('a')],
    expected: [reasoning('hm'), reasoning('so'), text('a')],
    reasoningContentInput: true,
  },
  {
    what: 'foreign signatures come off texts and calls',
    reader: GPT,
    given: [text('a', { signature: sign(GEMINI) }), call('1', sign(GEMINI))],
    expected: [text('a', { signature: undefined }), call('1')],
  },
  {
    what: 'Google: own signatures stay on texts and calls',
    reader: GEMINI,
    given: [text('', { signature: sign(GEMINI) }), call('1', sign(GEMINI))],
    expected: [text('', { signature: sign(GEMINI) }), call('1', sign(GEMINI))],
  },
  {
    what: 'Google: a signature for the next goes onto the call behind it (X-15, X-83)',
    reader: GEMINI,
    given: [text('a'), reasoning('hm', sign(GEMINI, 'next')), call('1'), call('2')],
    expected: [text('a'), call('1', sign(GEMINI)), call('2')],
  },
  {
    what: 'Google: a signature for the one before goes onto the text before it',
    reader: GEMINI,
    given: [text('a'), reasoning('', sign(GEMINI, 'prev'))],
    expected: [text('a', { signature: sign(GEMINI) })],
  },
  {
    what: 'Google: two signatures go onto two calls',
    reader: GEMINI,
    given: [
      reasoning('', sign(GEMINI, 'next', 'one')),
      reasoning('', sign(GEMINI, 'next', 'two')),
      call('1'),
      call('2'),
    ],
    expected: [call('1', sign(GEMINI, 'self', 'one')), call('2', sign(GEMINI, 'self', 'two'))],
  },
  {
    what: 'Google: a signature that its call has already is not given to another',
    reader: GEMINI,
    given: [reasoning('', sign(GEMINI, 'next')), text('a'), call('1', sign(GEMINI))],
    expected: [text('a'), call('1', sign(GEMINI))],
  },
  {
    what: 'Google: a signature without a neighbour gets an empty text of its own',
    reader: GEMINI,
    given: [reasoning('hm', sign(GEMINI, 'prev'))],
    expected: [text('', { signature: sign(GEMINI) })],
  },
  {
    what: 'Google: thoughts that are signed themselves stay',
    reader: GEMINI,
    given: [reasoning('hm', sign(GEMINI)), text('a')],
    expected: [reasoning('hm', sign(GEMINI)), text('a')],
  },
  {
    what: 'a signature that travelled on a call becomes reasoning before it',
    reader: CLAUDE,
    given: [text('a'), call('1', sign(CLAUDE, 'prev'))],
    expected: [text('a'), reasoning('', sign(CLAUDE)), call('1')],
  },
  {
    what: 'a text that was there for its signature alone gives way to it',
    reader: GPT,
    given: [text('a'), text('', { signature: sign(GPT) })],
    expected: [text('a'), reasoning('', sign(GPT))],
  },
  {
    what: 'redacted reasoning that travelled on a text is redacted again',
    reader: CLAUDE,
    given: [text('a', { signature: { ...sign(CLAUDE), kind: 'redacted' } })],
    expected: [
      { ...reasoning('', { ...sign(CLAUDE), kind: 'redacted' }), kind: 'redacted' },
      text('a', { signature: undefined }),
    ],
  },
  {
    what: 'state that came twice is restored once',
    reader: CLAUDE,
    given: [reasoning('hm', sign(CLAUDE)), call('1', sign(CLAUDE))],
    expected: [reasoning('hm', sign(CLAUDE)), call('1')],
  },
];

describe('keepOwnReasoning', () => {
  for (const { what, reader, given, expected, reasoningContentInput = false } of CASES) {
    test(what, () => {
      const turns = [user('q'), assistant(...given)];
      const before = structuredClone(turns);
      const kept = keepOwnReasoning(turns, reader, { reasoningContentInput });
      assert.deepEqual(kept, [user('q'), assistant(...expected)]);
      assert.deepEqual(turns, before);
    });
  }
});
