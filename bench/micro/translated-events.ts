import { dataOf } from '../../src/dialects/data-span.ts';
import type { DialectId } from '../../src/dialects/dialect.ts';
import { dialects } from '../../src/dialects/dialects.ts';
import { createEventSplitter } from '../../src/dialects/stream-events.ts';
import type { StreamEvent } from '../../src/dialects/wire-format.ts';
import type { Piece, PieceGroup } from './piece.ts';

const DELTAS = 100;
const TEXT = ' packages';

/** An upstream's stream of as many text deltas, as it is on the wire. */
type StreamWriter = () => string[];

const typed = (payload: { type: string } & Record<string, unknown>) =>
  `event: ${payload.type}\ndata: ${JSON.stringify(payload)}\n\n`;

const writeMessages: StreamWriter = () => [
  typed({
    type: 'message_start',
    message: {
      id: 'msg_bench',
      type: 'message',
      role: 'assistant',
      model: 'bench-slug',
      content: [],
      stop_reason: null,
      usage: { input_tokens: 212, output_tokens: 1 },
    },
  }),
  typed({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
  ...repeat(
    typed({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: TEXT } }),
  ),
  typed({ type: 'content_block_stop', index: 0 }),
  typed({
    type: 'message_delta',
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { output_tokens: DELTAS },
  }),
  typed({ type: 'message_stop' }),
];

const writeChat: StreamWriter = () => {
  const chunk = (choices: unknown[], usage: unknown = null) => {
    const identity = { id: 'chatcmpl-bench', created: 1_750_000_000, model: 'bench-slug' };
    const payload = { ...identity, object: 'chat.completion.chunk', choices, usage };
    return `data: ${JSON.stringify(payload)}\n\n`;
  };
  return [
    ...repeat(chunk([{ index: 0, delta: { content: TEXT }, finish_reason: null }])),
    chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
    chunk([], { prompt_tokens: 212, completion_tokens: DELTAS, total_tokens: 212 + DELTAS }),
    'data: [DONE]\n\n',
  ];
};

const writeGoogle: StreamWriter = () => {
  const chunk = (rest: object) => {
    const candidate = { content: { parts: [{ text: TEXT }], role: 'model' }, index: 0, ...rest };
    const usageMetadata = {
      promptTokenCount: 212,
      candidatesTokenCount: DELTAS,
      totalTokenCount: 212 + DELTAS,
    };
    const payload = { candidates: [candidate], usageMetadata, modelVersion: 'bench-slug' };
    return `data: ${JSON.stringify(payload)}\r\n\r\n`;
  };
  return [...repeat(chunk({})), chunk({ finishReason: 'STOP' })];
};

function repeat(event: string): string[] {
  return Array.from({ length: DELTAS }, () => event);
}

interface Pair {
  upstream: DialectId;
  surface: DialectId;
  label: string;
  writeStream: StreamWriter;
  /** What the client asked. */
  request: Record<string, unknown>;
}

const QUESTION = { role: 'user', content: 'What comes in small packages?' };

const PAIRS: readonly [Pair, ...Pair[]] = [
  {
    upstream: 'anthropic-messages',
    surface: 'openai-chat',
    label: 'Anthropic → chat',
    writeStream: writeMessages,
    request: { model: 'm', stream: true, messages: [QUESTION] },
  },
  {
    upstream: 'openai-chat',
    surface: 'anthropic-messages',
    label: 'chat → Anthropic',
    writeStream: writeChat,
    request: { model: 'm', stream: true, max_tokens: 1000, messages: [QUESTION] },
  },
  {
    upstream: 'google-generate-content',
    surface: 'openai-responses',
    label: 'Gemini → Responses',
    writeStream: writeGoogle,
    request: { model: 'm', stream: true, input: QUESTION.content },
  },
];

function createPieces(pair: Pair): [Piece, Piece] {
  const events = createEventSplitter('sse').push(Buffer.from(pair.writeStream().join('')));
  const payloads = events
    .map((event) => dataOf(event).toString())
    .filter((data) => data !== '[DONE]');
  return [
    {
      label: `${pair.label}: JSON.parse and JSON.stringify`,
      operations: payloads.length,
      run: () => payloads.map((payload) => Buffer.from(JSON.stringify(JSON.parse(payload)))),
    },
    { label: pair.label, operations: events.length, run: () => translate(pair, events) },
  ];
}

/** A whole stream, from the upstream's events to the client's bytes. */
function translate({ upstream, surface, request }: Pair, events: readonly StreamEvent[]): Buffer[] {
  const decoder = dialects[upstream].streamDecoder({
    family: 'bench',
    toolNames: new Map(),
    customTools: new Set(),
  });
  const encoder = dialects[surface].streamEncoder({
    request: dialects[surface].decodeRequest(request, { stream: true }),
    body: request,
    inputEstimate: 212,
    framing: 'sse',
    nowSeconds: 1_750_000_000,
    mintId: () => '0123456789abcdef01234567',
  });
  const texts = events.flatMap((event) =>
    decoder.push({ data: dataOf(event) }).flatMap((part) => encoder.push(part)),
  );
  texts.push(...decoder.end().flatMap((part) => encoder.push(part)), ...encoder.end());
  return texts.map((text) => Buffer.from(text));
}

const [first, ...others] = PAIRS.map(createPieces);

/** Putting the events of one API into those of another, for each event of the upstream. */
export const translatedGroup: PieceGroup = {
  name: 'translated-events',
  title: `Translated stream of ${DELTAS} words, for each event`,
  pieces: [...first!, ...others.flat()],
};
