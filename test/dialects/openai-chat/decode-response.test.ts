import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ChatResponse } from '../../../src/dialects/ir/chat-response.ts';
import { foldParts } from '../../../src/dialects/ir/fold-parts.ts';
import { asObject, asObjects, type JsonObject } from '../../../src/dialects/json-object.ts';
import { openaiChatDialect as dialect } from '../../../src/dialects/openai-chat/dialect.ts';
import { readChatUsage } from '../../../src/dialects/openai-chat/usage.ts';
import { parseWire } from '../../../src/dialects/raw-json.ts';
import { type Recording, recordings, streamEvents } from '../../support/recordings.ts';
import { answerSource, chunksOf, decodeChunks, decodeEvents, decodeMessage } from './chat-kit.ts';

/** What an answer says, read by the simplest means. */
interface PlainAnswer {
  text: string;
  reasoning: string;
  calls: { name: string; arguments: string }[];
}

function readPlainly(deltas: readonly JsonObject[]): PlainAnswer {
  const answer: PlainAnswer = { text: '', reasoning: '', calls: [] };
  for (const delta of deltas) {
    answer.reasoning += String(delta['reasoning_content'] ?? delta['reasoning'] ?? '');
    if (typeof delta['content'] === 'string') answer.text += delta['content'];
    for (const part of asObjects(delta['content'])) {
      answer.text += String(part['text'] ?? '');
      for (const thought of asObjects(part['thinking'])) answer.reasoning += thought['text'];
    }
    for (const [position, call] of asObjects(delta['tool_calls']).entries()) {
      const fn = asObject(call['function']);
      const index = Number(call['index'] ?? position);
      answer.calls[index] ??= { name: String(fn['name']), arguments: '' };
      answer.calls[index].arguments += String(fn['arguments'] ?? '');
    }
  }
  return answer;
}

function summarize({ choices: [choice] }: ChatResponse): PlainAnswer {
  const blocks = choice?.blocks ?? [];
  const join = (type: string) =>
    blocks.map(({ head, text }) => (head.type === type ? text : '')).join('');
  const calls = blocks.flatMap(({ head, text }) =>
    head.type === 'tool_call' ? [{ name: head.name, arguments: text }] : [],
  );
  return { text: join('text'), reasoning: join('reasoning'), calls };
}

function choicesOf(recording: Recording): JsonObject[] {
  const payloads = recording.stream
    ? streamEvents(recording).map(({ data }) => data.toString())
    : [recording.bodyBytes.toString()];
  return payloads
    .filter((payload) => payload !== '[DONE]')
    .flatMap((payload) => asObjects(asObject(JSON.parse(payload))['choices']));
}

const answers = recordings().filter(
  (recording) =>
    recording.operation === 'chat' && recording.status === 200 && choicesOf(recording).length > 0,
);

describe('every recorded answer', () => {
  for (const recording of answers) {
    test(recording.id, () => {
      const parts = recording.stream
        ? decodeEvents(streamEvents(recording).map(({ data }) => data.toString()))
        : dialect.decodeResponse(parseWire(recording.bodyBytes), answerSource());
      const response = foldParts(parts);
      const choices = choicesOf(recording);
      const deltas = choices.map((choice) => asObject(choice['delta'] ?? choice['message']));
      assert.deepEqual(summarize(response), readPlainly(deltas));
      const usage = readChatUsage({ usage: recording.expectedUsage });
      assert.deepEqual(response.usage?.tokens, usage?.tokens);
      const said = choices.findLast((choice) => choice['finish_reason'])?.['finish_reason'];
      assert.equal(response.choices[0]?.finish.raw, said);
      assert.notEqual(response.choices[0]?.finish.reason, 'other');
    });
  }
});

describe('decodeResponse', () => {
  const fn = (name: string, args: unknown) => ({ name, arguments: args });

  test('a whole answer without choices still ends once (X-61)', () => {
    const parts = dialect.decodeResponse({ id: 'chatcmpl-1', choices: [] }, answerSource());
    assert.deepEqual(
      parts.map(({ type }) => type),
      ['start', 'finish'],
    );
  });

  test('X-31: an error in place of an answer is an error', () => {
    const parts = dialect.decodeResponse({ error: { message: 'no', type: 't' } }, answerSource());
    assert.deepEqual(parts, [{ type: 'error', message: 'no', kind: 't' }]);
  });

  const reasons: [title: string, message: object, said: string, reason: string][] = [
    ['stop', { content: 'x' }, 'stop', 'stop'],
    ['length', { content: 'x' }, 'length', 'length'],
    ['content_filter', { content: '' }, 'content_filter', 'content_filter'],
    [
      'X-07: stop with calls',
      { tool_calls: [{ id: 'a', function: fn('f', '{}') }] },
      'stop',
      'tool_calls',
    ],
    ['X-80: tool_calls without calls', { content: 'x' }, 'tool_calls', 'stop'],
    [
      'X-78: another API’s word',
      { tool_calls: [{ id: 'a', function: fn('f', '{}') }] },
      'tool_use',
      'tool_calls',
    ],
    ['truncated calls', { tool_calls: [{ id: 'a', function: fn('f', '{') }] }, 'length', 'length'],
    ['refusal', { content: null, refusal: 'no' }, 'stop', 'refusal'],
    ['an unknown word', { content: 'x' }, 'tired', 'other'],
  ];
  for (const [title, message, said, reason] of reasons) {
    test(`${title}`, () => {
      const finish = foldParts(decodeMessage(message, said)).choices[0]?.finish;
      assert.equal(finish?.reason, reason);
      assert.equal(finish?.raw, said);
    });
  }

  test('arguments are the text as it came, an object is written as one', () => {
    const text = '{"n": 12345678901234567890}';
    const calls = [
      { id: 'a', function: fn('f', text) },
      { id: 'b', function: fn('g', { a: 1 }) },
    ];
    const { blocks } = foldParts(decodeMessage({ tool_calls: calls })).choices[0]!;
    assert.deepEqual(
      blocks.map((block) => block.text),
      [text, '{"a":1}'],
    );
  });

  test('arguments of null are none, in one piece or two; what only begins so stays', () => {
    const argumentsOf = (...pieces: string[]) => {
      const deltas = pieces.map((piece, at) => ({
        tool_calls: [
          { index: 0, ...(at === 0 && { id: 'c' }), function: { name: 'f', arguments: piece } },
        ],
      }));
      const { calls } = summarize(foldParts(decodeChunks(chunksOf(deltas))));
      return calls[0]?.arguments;
    };
    assert.equal(argumentsOf('null'), '');
    assert.equal(argumentsOf('nu', 'll'), '');
    assert.equal(argumentsOf('', 'n', 'ully'), 'nully');
    const whole = { tool_calls: [{ id: 'c', function: { name: 'f', arguments: 'null' } }] };
    assert.equal(summarize(foldParts(decodeMessage(whole))).calls[0]?.arguments, '');
    const custom = {
      tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'f', input: 'null' } }],
    };
    assert.equal(summarize(foldParts(decodeMessage(custom))).calls[0]?.arguments, 'null');
  });

  test('changed names and disguised custom tools are the client’s again', () => {
    const source = answerSource({
      toolNames: new Map([['a_b', 'a.b']]),
      customTools: new Set(['patch']),
    });
    const calls = [
      { id: 'a', function: fn('a_b', '{}') },
      { id: 'b', function: fn('patch', '{"input":"free \\"text\\""}') },
    ];
    const { blocks } = foldParts(decodeMessage({ tool_calls: calls }, 'stop', source)).choices[0]!;
    assert.deepEqual(
      blocks.map(({ head, text }) => [head.type === 'tool_call' && [head.name, head.kind], text]),
      [
        [['a.b', 'function'], '{}'],
        [['patch', 'custom'], 'free "text"'],
      ],
    );
  });

  test('X-80: a free-text call that comes in pieces keeps them', () => {
    const piece = (index: number, call: object) => ({ tool_calls: [{ index, ...call }] });
    const chunks = chunksOf([
      piece(0, { id: 'a', type: 'custom', custom: { name: 'patch', input: '' } }),
      piece(0, { custom: { input: 'free ' } }),
      piece(0, { custom: { input: 'text' } }),
    ]);
    const { blocks } = foldParts(decodeChunks(chunks)).choices[0]!;
    assert.deepEqual(
      blocks.map(({ head, text }) => [head.type === 'tool_call' && head.kind, text]),
      [['custom', 'free text']],
    );
  });

  test('citations of web pages belong to the text', () => {
    const url_citation = { start_index: 1, end_index: 3, url: 'https://a.test', title: 'A' };
    const message = { content: 'abcd', annotations: [{ type: 'url_citation', url_citation }] };
    const [citation] = foldParts(decodeMessage(message)).choices[0]?.blocks[0]?.citations ?? [];
    assert.deepEqual([citation?.start, citation?.end, citation?.url], [1, 3, 'https://a.test']);
  });

  test('probabilities stay with the text', () => {
    const logprobs = { content: [{ token: 'x', logprob: -1, bytes: null, top_logprobs: [] }] };
    const choice = { message: { content: 'x' }, logprobs, finish_reason: 'stop' };
    const response = foldParts(dialect.decodeResponse({ choices: [choice] }, answerSource()));
    assert.deepEqual(response.choices[0]?.blocks[0]?.logprobs, logprobs.content);
  });

  test('pictures are blocks', () => {
    const url = 'data:image/png;base64,iVBORw0KGgo=';
    const parts = decodeMessage({
      content: '',
      images: [{ type: 'image_url', image_url: { url } }],
    });
    assert.deepEqual(foldParts(parts).choices[0]?.blocks[0]?.head, {
      type: 'image',
      mime: 'image/png',
      base64: 'iVBORw0KGgo=',
    });
  });
});

describe('streamDecoder', () => {
  /** Kinds and texts of the blocks, in the order they came; throws where blocks overlap. */
  function blocksOf(parts: ReturnType<typeof decodeChunks>): string[] {
    const blocks: string[] = [];
    let isOpen = false;
    for (const part of parts) {
      if (part.type === 'block_start') {
        assert.equal(isOpen, false);
        isOpen = true;
        const { block } = part;
        blocks.push(block.type === 'tool_call' ? `${block.name}#${block.id}:` : `${block.type}:`);
      }
      if (part.type === 'delta') blocks[blocks.length - 1] += part.text;
      if (part.type === 'block_end') isOpen = false;
    }
    return blocks;
  }
  const piece = (index: number | undefined, args: string, id?: string, name?: string) => ({
    tool_calls: [
      { ...(index === undefined ? {} : { index }), id, function: { name, arguments: args } },
    ],
  });

  const streams: [title: string, deltas: object[], blocks: string[]][] = [
    [
      'X-03: empty members create nothing',
      [
        { content: '', tool_calls: [], refusal: null },
        { content: 'a', tool_calls: [] },
      ],
      ['text:a'],
    ],
    [
      'X-04: text and calls in one chunk, the text first',
      [{ content: 'hi', ...piece(0, '{}', 'a', 'f') }],
      ['text:hi', 'f#a:{}'],
    ],
    [
      'X-05: calls numbered −1, or not at all',
      [piece(-1, '{"a"', 'a', 'f'), piece(-1, ':1}'), piece(undefined, '{}', 'b', 'g')],
      ['f#a:{"a":1}', 'g#b:{}'],
    ],
    [
      'every call is numbered 0',
      [piece(0, '{}', 'a', 'f'), piece(0, '{}', 'b', 'g')],
      ['f#a:{}', 'g#b:{}'],
    ],
    [
      'X-06: interleaved calls come one by one',
      [piece(0, '{"a":', 'a', 'f'), piece(1, '{"b":', 'b', 'g'), piece(0, '1}'), piece(1, '2}')],
      ['f#a:{"a":1}', 'g#b:{"b":2}'],
    ],
    [
      'the name may come after the id',
      [piece(0, '', 'a'), piece(0, '{', undefined, 'f'), piece(0, '}')],
      ['f#a:{}'],
    ],
    [
      'a repeated name is not another call',
      [piece(0, '{', 'a', 'f'), piece(0, '}', 'a', 'f')],
      ['f#a:{}'],
    ],
    [
      'words behind a call are a block behind it',
      [{ content: 'x' }, piece(0, '{"a":', 'a', 'f'), { content: 'y' }, piece(0, '1}')],
      ['text:x', 'f#a:{"a":1}', 'text:y'],
    ],
    [
      'reasoning by either name, once where a server says both',
      [{ reasoning_content: 'r', reasoning: 'r' }, { reasoning: 's' }, { content: 'x' }],
      ['reasoning:rs', 'text:x'],
    ],
    [
      'Mistral’s parts',
      [
        { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'r' }] }] },
        { content: [{ type: 'text', text: 'x' }] },
      ],
      ['reasoning:r', 'text:x'],
    ],
    [
      'a call of the old form',
      [{ function_call: { name: 'f', arguments: '{' } }, { function_call: { arguments: '}' } }],
      ['f#call_qq:{}'],
    ],
  ];
  for (const [title, deltas, blocks] of streams) {
    test(title, () => {
      const read = blocksOf(decodeChunks(chunksOf(deltas)));
      assert.deepEqual(
        read.map((block) => block.replace(/call_[a-z2-7]{26}/, 'call_qq')),
        blocks,
      );
    });
  }

  test('a second call streams as soon as the first is whole', () => {
    const decoder = dialect.streamDecoder(answerSource());
    const chunks = chunksOf([piece(0, '{}', 'a', 'f'), piece(1, '{"b"', 'b', 'g')]);
    const read = chunks.slice(0, 2).map((chunk) => {
      const data = Buffer.from(JSON.stringify(chunk));
      return decoder.push({ data }).map(({ type }) => type);
    });
    assert.deepEqual(read[1], ['block_end', 'block_start', 'delta']);
  });

  test('X-54: usage behind the finish is told before it, once', () => {
    const usage = (completion_tokens: number) => ({
      id: 'chatcmpl-1',
      choices: [],
      usage: {
        prompt_tokens: 5,
        completion_tokens,
        completion_tokens_details: { reasoning_tokens: 2 },
      },
    });
    const parts = decodeChunks([...chunksOf([{ content: 'x' }]), usage(3), usage(4)]);
    assert.deepEqual(
      parts.slice(-2).map(({ type }) => type),
      ['usage', 'finish'],
    );
    const told = parts.flatMap((part) => (part.type === 'usage' ? part.usage.tokens : []));
    assert.deepEqual(
      told.map(({ outText, reasoning }) => [outText, reasoning]),
      [[2, 2]],
    );
  });

  test('X-28: a finish reason on every chunk, or on none, is one finish', () => {
    const often = chunksOf([{ content: 'x' }, { content: 'y' }]).map((chunk) => {
      const [choice] = asObjects(asObject(chunk)['choices']);
      return { ...chunk, choices: [{ ...choice, finish_reason: 'stop' }] };
    });
    const never = chunksOf([{ content: 'x' }, { content: 'y' }]).slice(0, -1);
    for (const chunks of [often, never]) {
      const parts = decodeChunks(chunks);
      assert.deepEqual(blocksOf(parts), ['text:xy']);
      const reasons = parts.flatMap((part) => (part.type === 'finish' ? part.finish.reason : []));
      assert.deepEqual(reasons, ['stop']);
    }
  });

  test('X-29: a finish without usage or [DONE] still finishes', () => {
    const parts = decodeEvents(chunksOf([{ content: 'x' }]).map((chunk) => JSON.stringify(chunk)));
    assert.equal(parts.at(-1)?.type, 'finish');
  });

  test('X-33: a stream that is cut has no finish', () => {
    const [chunk] = chunksOf([{ content: 'x' }]);
    const parts = decodeEvents([JSON.stringify(chunk)]);
    assert.deepEqual(
      parts.map(({ type }) => type),
      ['start', 'block_start', 'delta'],
    );
  });

  test('X-31: an error inside the stream is told, and nothing behind it', () => {
    const [chunk] = chunksOf([{ content: 'x' }]);
    const parts = decodeChunks([chunk!, { error: { message: 'over', code: 529 } }]);
    assert.deepEqual(parts.at(-1), { type: 'error', message: 'over', kind: '529' });
  });

  test('X-26: each choice has its own blocks and finish', () => {
    const chunk = (index: number, delta: object, finish_reason: string | null = null) => ({
      id: 'chatcmpl-1',
      choices: [{ index, delta, finish_reason }],
    });
    const parts = decodeChunks([
      chunk(1, { content: 'b' }),
      chunk(0, { content: 'a' }),
      chunk(0, {}, 'stop'),
      chunk(1, { content: 'c' }),
      chunk(1, {}, 'length'),
    ]);
    assert.deepEqual(
      foldParts(parts).choices.map(({ blocks, finish }) => [blocks[0]?.text, finish.reason]),
      [
        ['a', 'stop'],
        ['bc', 'length'],
      ],
    );
  });

  test('Azure’s first chunk, which has no id, does not start the answer', () => {
    const first = { id: '', model: '', choices: [], prompt_filter_results: [] };
    const [start] = decodeChunks([first, ...chunksOf([{ content: 'x' }])]);
    assert.deepEqual(start, {
      type: 'start',
      id: 'chatcmpl-abcdef',
      model: 'm',
      createdAt: 1_800_000_000,
    });
  });
});
