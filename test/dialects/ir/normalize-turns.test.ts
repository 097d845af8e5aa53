import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Block, Turn } from '../../../src/dialects/ir/chat-request.ts';
import { normalizeTurns, type TurnRules } from '../../../src/dialects/ir/normalize-turns.ts';
import { createLosses } from '../../../src/dialects/losses.ts';
import { assistant, call, requestOf, result, sketch, system, text, user } from './conversation.ts';

const KEEP: TurnRules = {
  mergeSameRole: false,
  midSystem: 'keep',
  userFirst: false,
  needsUser: false,
  dropEmptyText: false,
  resultsFirst: true,
};
const ANTHROPIC: TurnRules = {
  mergeSameRole: true,
  midSystem: 'anthropic',
  userFirst: true,
  needsUser: true,
  dropEmptyText: true,
  resultsFirst: true,
};
const FOLD: TurnRules = { ...ANTHROPIC, midSystem: 'fold' };

/** The conversation as it comes out, and what was lost on the way. */
function normalize(turns: Turn[], rules: TurnRules) {
  const losses = createLosses({ isStrict: false, model: 'model', dialect: 'dialect' });
  const normalized = normalizeTurns(requestOf(turns), rules, losses);
  return { turns: sketch(normalized.turns), warnings: losses.warnings, blocks: normalized.turns };
}

interface Case {
  what: string;
  rules: TurnRules;
  turns: Turn[];
  expected: string[];
  warnings?: string[];
}

const CASES: Case[] = [
  {
    what: 'neighbours of one role become one turn',
    rules: FOLD,
    turns: [user('a'), user('b'), assistant('c'), assistant('d'), user('e')],
    expected: ['user: a b', 'assistant: c d', 'user: e'],
  },
  {
    what: 'neighbours of one role stay apart where the target takes them',
    rules: KEEP,
    turns: [user('a'), user('b'), assistant('c'), assistant('d')],
    expected: ['user: a', 'user: b', 'assistant: c', 'assistant: d'],
  },
  {
    what: 'calls in several turns are one step, and their results stand together and first (X-10)',
    rules: FOLD,
    turns: [
      user('a'),
      assistant(call('1')),
      assistant(call('2')),
      user(result('1')),
      user('b', result('2')),
    ],
    expected: ['user: a', 'assistant: call(1) call(2)', 'user: result(1) result(2) b'],
  },
  {
    what: 'calls in several turns are one step for every target (X-10)',
    rules: KEEP,
    turns: [assistant('a', call('1')), assistant(call('2')), user(result('1')), user(result('2'))],
    expected: ['assistant: a call(1) call(2)', 'user: result(1) result(2)'],
  },
  {
    what: 'results come in the order of their calls, by id (X-12)',
    rules: FOLD,
    turns: [user('a'), assistant(call('1'), call('2')), user(result('2')), user(result('1'))],
    expected: ['user: a', 'assistant: call(1) call(2)', 'user: result(1) result(2)'],
  },
  {
    what: 'words beside results follow them, in a turn of their own where turns stay apart',
    rules: KEEP,
    turns: [assistant(call('1')), user('b', result('1'), 'c')],
    expected: ['assistant: call(1)', 'user: result(1)', 'user: b c'],
  },
  {
    what: 'a call that was left without an answer gets one (X-11)',
    rules: FOLD,
    turns: [user('a'), assistant(call('1'), call('2')), user(result('2'))],
    expected: ['user: a', 'assistant: call(1) call(2)', 'user: error(1) result(2)'],
    warnings: ['repaired;field=messages[1]'],
  },
  {
    what: 'a call that the user talked over gets an answer',
    rules: KEEP,
    turns: [assistant(call('1')), user('never mind')],
    expected: ['assistant: call(1)', 'user: error(1)', 'user: never mind'],
    warnings: ['repaired;field=messages[0]'],
  },
  {
    what: 'a call at the end may still be answered',
    rules: FOLD,
    turns: [user('a'), assistant(call('1'))],
    expected: ['user: a', 'assistant: call(1)'],
  },
  {
    what: 'a result that came late is put behind its call',
    rules: FOLD,
    turns: [user('a'), assistant(call('1')), user('b'), assistant('c'), user(result('1'), 'd')],
    expected: ['user: a', 'assistant: call(1)', 'user: result(1) b', 'assistant: c', 'user: d'],
  },
  {
    what: 'results stay where they are for targets that do not mind',
    rules: { ...KEEP, resultsFirst: false },
    turns: [assistant(call('1'), call('2')), user('b', result('2'), result('1'))],
    expected: ['assistant: call(1) call(2)', 'user: b result(2) result(1)'],
  },
  {
    what: 'ids that are used again belong to the calls before them',
    rules: FOLD,
    turns: [
      user('a'),
      assistant(call('1')),
      user(result('1')),
      assistant(call('1')),
      user(result('1', { isError: true })),
    ],
    expected: [
      'user: a',
      'assistant: call(1)',
      'user: result(1)',
      'assistant: call(1)',
      'user: error(1)',
    ],
  },
  {
    what: 'empty text is dropped, and a turn that held nothing else (X-09)',
    rules: FOLD,
    turns: [user('a'), assistant(''), user(' \n', 'b'), assistant('c')],
    expected: ['user: a b', 'assistant: c'],
  },
  {
    what: 'empty text stays where the target takes it',
    rules: KEEP,
    turns: [user('')],
    expected: ['user: '],
  },
  {
    what: 'turns without blocks vanish everywhere',
    rules: KEEP,
    turns: [user('a'), assistant(), user('b')],
    expected: ['user: a', 'user: b'],
  },
  {
    what: 'a conversation that begins with an answer gets a user before it',
    rules: FOLD,
    turns: [assistant('a'), user('b')],
    expected: ['user: .', 'assistant: a', 'user: b'],
    warnings: ['inserted;field=messages[0]'],
  },
  {
    what: 'an instruction is folded into the turn of the user before it (X-44)',
    rules: FOLD,
    turns: [user('a'), system('b', 'c'), assistant('d')],
    expected: ['user: a <system>\nb\n\nc\n</system>', 'assistant: d'],
    warnings: ['folded;field=messages[1]'],
  },
  {
    what: 'an instruction behind an answer is folded into a turn of its own',
    rules: FOLD,
    turns: [user('a'), assistant('b'), system('c'), user('d')],
    expected: ['user: a', 'assistant: b', 'user: <system>\nc\n</system> d'],
    warnings: ['folded;field=messages[2]'],
  },
  {
    what: 'an instruction between a call and its result is folded behind the result',
    rules: FOLD,
    turns: [user('a'), assistant(call('1')), system('b'), user(result('1'))],
    expected: ['user: a', 'assistant: call(1)', 'user: result(1) <system>\nb\n</system>'],
    warnings: ['folded;field=messages[2]'],
  },
  {
    what: 'instructions stay where they are',
    rules: KEEP,
    turns: [user('a'), system('b'), system('c'), assistant('d')],
    expected: ['user: a', 'system: b', 'system: c', 'assistant: d'],
  },
  {
    what: 'an empty instruction vanishes',
    rules: FOLD,
    turns: [user('a'), system(''), assistant('b')],
    expected: ['user: a', 'assistant: b'],
  },
  {
    what: 'Anthropic: behind a user and before an answer instructions stay, as one (X-45)',
    rules: ANTHROPIC,
    turns: [user('a'), system('b'), system('c'), assistant('d')],
    expected: ['user: a', 'system: b c', 'assistant: d'],
  },
  {
    what: 'Anthropic: an instruction may stand last',
    rules: ANTHROPIC,
    turns: [user('a'), assistant(call('1')), system('b'), user(result('1'))],
    expected: ['user: a', 'assistant: call(1)', 'user: result(1)', 'system: b'],
  },
  {
    what: 'Anthropic: between two turns of the user an instruction is folded',
    rules: ANTHROPIC,
    turns: [user('a'), system('b'), user('c')],
    expected: ['user: a <system>\nb\n</system> c'],
    warnings: ['folded;field=messages[1]'],
  },
  {
    what: 'Anthropic: no instruction stands first (X-45)',
    rules: ANTHROPIC,
    turns: [system('a'), assistant('b')],
    expected: ['user: <system>\na\n</system>', 'assistant: b'],
    warnings: ['folded;field=messages[0]'],
  },
];

describe('normalizeTurns', () => {
  for (const { what, rules, turns, expected, warnings = [] } of CASES) {
    test(what, () => {
      const normalized = normalize(turns, rules);
      assert.deepEqual(normalized.turns, expected);
      assert.deepEqual(normalized.warnings, warnings);
    });
  }

  test('a result that answers no call is refused by name', () => {
    for (const turns of [
      [user(result('ghost'))],
      [user(result('ghost')), assistant(call('ghost'))],
      [assistant(call('ghost')), user(result('ghost'), result('ghost'))],
    ]) {
      assert.throws(() => normalize(turns, KEEP), { code: 'invalid_request', message: /`ghost`/ });
    }
  });

  test('results learn the name of their tool', () => {
    for (const resultsFirst of [true, false]) {
      const turns = [assistant(call('1')), user(result('1'))];
      const { blocks } = normalize(turns, { ...KEEP, resultsFirst });
      assert.deepEqual(blocks[1]?.blocks, [result('1', { name: 'tool_1' })]);
    }
  });

  test('the answer that is made up says that there is none', () => {
    const { blocks } = normalize([assistant(call('1')), user('a')], KEEP);
    const content = [text('No result provided.')];
    assert.deepEqual(blocks[1]?.blocks, [result('1', { name: 'tool_1', isError: true, content })]);
  });

  test('a cache mark on empty text moves to the block before it (X-09)', () => {
    const cache = { ttl: '1h' } as const;
    const { blocks } = normalize([user('a', text('', { cache }))], FOLD);
    assert.deepEqual(blocks, [{ role: 'user', blocks: [text('a', { cache })] }]);
  });

  test('empty text stays when it carries a signature', () => {
    const signature = {
      dialect: 'google-generate-content',
      family: 'gemini',
      kind: 'sig',
      value: 'x',
      target: 'self',
    } as const;
    const turns = [user('a'), assistant(text('', { signature }))];
    assert.deepEqual(normalize(turns, FOLD).blocks, turns);
  });

  test('empty text inside results is dropped with the rest (X-09)', () => {
    const turns = [user('a'), assistant(call('1')), user(result('1', { content: [text('')] }))];
    const { blocks } = normalize(turns, FOLD);
    assert.deepEqual(blocks[2]?.blocks, [result('1', { name: 'tool_1', content: [] })]);
  });

  test('media in an instruction is not lost in folding', () => {
    const image: Block = {
      type: 'image',
      source: { kind: 'url', url: 'https://example.org/a.png', mime: undefined },
      detail: undefined,
      cache: undefined,
    };
    const { turns } = normalize([user('a'), system('b', image)], FOLD);
    assert.deepEqual(turns, ['user: a <system>\nb\n</system> image']);
  });
});

describe('instructions at the top', () => {
  const losses = createLosses({ isStrict: true, model: 'model', dialect: 'dialect' });

  test('empty ones are dropped everywhere', () => {
    const request = requestOf([user('a')], [text(''), text('be brief'), text(' ')]);
    assert.deepEqual(normalizeTurns(request, KEEP, losses).system, [text('be brief')]);
  });

  test('the last one becomes what the user says, where nobody says anything', () => {
    const request = requestOf([], [text('be brief'), text('greet me')]);
    const { system: rest, turns } = normalizeTurns(request, FOLD, losses);
    assert.deepEqual(rest, [text('be brief')]);
    assert.deepEqual(turns, [user('greet me')]);
    assert.deepEqual(request.system.length, 2);
    assert.deepEqual(normalizeTurns(request, KEEP, losses).turns, []);
  });

  test('a strict config refuses repairs', () => {
    const request = requestOf([user('a'), system('b'), assistant('c')]);
    assert.throws(() => normalizeTurns(request, FOLD, losses), { code: 'unsupported_parameter' });
  });
});

/** Conversations whose results all have their call, in any order and with anything between. */
const conversations = fc
  .array(
    fc.record({
      role: fc.constantFrom('user' as const, 'assistant' as const, 'system' as const),
      words: fc.constantFrom('', 'a', 'b'),
      calls: fc.integer({ min: 0, max: 2 }),
      answers: fc.integer({ min: 0, max: 3 }),
    }),
    { maxLength: 10 },
  )
  .map((rows) => {
    const open: string[] = [];
    let count = 0;
    return rows.map(({ role, words, calls, answers }): Turn => {
      const blocks: Block[] = [text(words)];
      if (role === 'assistant') {
        for (let made = 0; made < calls; made += 1) {
          count += 1;
          open.push(String(count));
          blocks.push(call(String(count)));
        }
      }
      if (role === 'user') {
        const ids = open.splice(-answers, answers).reverse();
        blocks.push(...ids.map((id) => result(id)));
      }
      return { role, blocks };
    });
  });

function blocksOf(turns: readonly Turn[], type: Block['type']): Block[] {
  return turns.flatMap(({ blocks }) => blocks.filter((block) => block.type === type));
}

describe('any conversation', () => {
  test('comes out with roles in turn, results right behind their calls, nothing lost', () => {
    fc.assert(
      fc.property(conversations, (turns) => {
        const before = structuredClone(turns);
        const losses = createLosses({ isStrict: false, model: 'model', dialect: 'dialect' });
        const { turns: after } = normalizeTurns(requestOf(turns), FOLD, losses);
        assert.deepEqual(turns, before, 'the request is left alone');
        for (const [index, { role, blocks }] of after.entries()) {
          assert.equal(role, index % 2 === 0 ? 'user' : 'assistant');
          assert.ok(blocks.length > 0);
          const callIds = blocks.flatMap((block) => (block.type === 'tool_call' ? [block.id] : []));
          const reply = after[index + 1]?.blocks ?? [];
          if (callIds.length === 0 || reply.length === 0) continue;
          const answered = reply
            .slice(0, callIds.length)
            .map((block) => (block.type === 'tool_result' ? block.callId : block.type));
          assert.deepEqual(answered, callIds);
        }
        const again = normalizeTurns(requestOf(after), FOLD, losses).turns;
        assert.deepEqual(again, after, 'twice is once');
        assert.equal(blocksOf(after, 'tool_call').length, blocksOf(turns, 'tool_call').length);
        const results = blocksOf(after, 'tool_result').length;
        assert.ok(results >= blocksOf(turns, 'tool_result').length);
      }),
      { numRuns: 500 },
    );
  });
});
