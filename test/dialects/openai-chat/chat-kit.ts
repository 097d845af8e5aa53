import type { AnswerSource, AnswerTarget, EncodeTarget } from '../../../src/dialects/dialect.ts';
import type { Block, ChatRequest, TextBlock, Turn } from '../../../src/dialects/ir/chat-request.ts';
import type { BlockHead, FinishReason, StreamPart } from '../../../src/dialects/ir/stream-part.ts';
import { asObject, asObjects, type JsonObject } from '../../../src/dialects/json-object.ts';
import { createLosses } from '../../../src/dialects/losses.ts';
import { capsOf, familyOf, type ModelCaps } from '../../../src/dialects/model-caps.ts';
import { openaiChatDialect as dialect } from '../../../src/dialects/openai-chat/dialect.ts';
import { parseWire, stringifyWire } from '../../../src/dialects/raw-json.ts';

/** A client's body, decoded; `hello` unless it says something. */
export function decode(fields: object = {}): ChatRequest {
  const body = { model: 'm', messages: [{ role: 'user', content: 'hello' }], ...fields };
  return dialect.decodeRequest(parseWire(Buffer.from(JSON.stringify(body))), { stream: false });
}

/** The conversation of such messages. */
export function decodeTurns(...messages: object[]): Turn[] {
  return decode({ messages: [{ role: 'user', content: 'hello' }, ...messages] }).turns.slice(1);
}

/** A request as the upstream gets it, its body parsed again, with what was lost on the way. */
export function encode(
  fields: Partial<ChatRequest>,
  { slug = 'gpt-5.4', caps = {} as Partial<ModelCaps>, isStrict = false } = {},
) {
  const losses = createLosses({ isStrict, model: slug, dialect: 'openai-chat' });
  const target: EncodeTarget = {
    model: slug,
    caps: capsOf('openai-chat', slug, caps),
    family: familyOf(slug),
    losses,
  };
  const { body, toolNames } = dialect.encodeRequest({ ...decode(), extra: {}, ...fields }, target);
  return {
    body: asObject(JSON.parse(stringifyWire(body))),
    warnings: losses.warnings,
    toolNames,
  };
}

/** The messages that such turns become. */
export function encodeTurns(turns: Turn[], options: Parameters<typeof encode>[1] = {}) {
  return asObjects(encode({ turns }, options).body['messages']);
}

export function text(words: string): TextBlock {
  return { type: 'text', text: words, citations: [], cache: undefined };
}

export function user(...blocks: Block[]): Turn {
  return { role: 'user', blocks };
}

export function assistant(...blocks: Block[]): Turn {
  return { role: 'assistant', blocks };
}

/** A call of that tool. */
export function call(name: string, args = '{}', id = `id_${name}`): Block & { type: 'tool_call' } {
  return {
    type: 'tool_call',
    id,
    name,
    arguments: args,
    kind: 'function',
    signature: undefined,
    cache: undefined,
  };
}

type ToolResult = Block & { type: 'tool_result' };

/** The result of such a call. */
export function result(name: string, ...content: ToolResult['content']): ToolResult {
  return {
    type: 'tool_result',
    callId: `id_${name}`,
    name: undefined,
    content,
    isError: false,
    cache: undefined,
  };
}

/** What an answer is read with. */
export function answerSource(fields: Partial<AnswerSource> = {}): AnswerSource {
  return { family: 'gpt', toolNames: new Map(), customTools: new Set(), ...fields };
}

/** The parts of a whole answer with that message. */
export function decodeMessage(message: object, finish_reason = 'stop', source = answerSource()) {
  const body = { id: 'chatcmpl-1', choices: [{ index: 0, message, finish_reason }] };
  return dialect.decodeResponse(parseWire(Buffer.from(JSON.stringify(body))), source);
}

/** The parts of a stream of such chunks, with `[DONE]` behind them. */
export function decodeChunks(chunks: object[], source = answerSource()): StreamPart[] {
  return decodeEvents([...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'], source);
}

/** The parts of a stream of events with such data. */
export function decodeEvents(payloads: string[], source = answerSource()): StreamPart[] {
  const decoder = dialect.streamDecoder(source);
  const parts = payloads.flatMap((payload) => {
    const data = Buffer.from(payload);
    return decoder.push({ data });
  });
  return [...parts, ...decoder.end()];
}

/** Chunks with one choice, whose deltas are given; the last says why it ended. */
export function chunksOf(deltas: object[], finish_reason = 'stop'): object[] {
  return [...deltas, {}].map((delta, at) => ({
    id: 'chatcmpl-abcdef',
    created: 1_800_000_000,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: at === deltas.length ? finish_reason : null }],
  }));
}

/** What an answer is written for. */
export function answerTarget(request: Partial<ChatRequest> = {}): AnswerTarget {
  let minted = 0;
  return {
    request: { ...decode(), ...request },
    body: {},
    inputEstimate: 12,
    framing: 'sse',
    nowSeconds: 1_790_000_000,
    mintId: () => `minted${String(minted++).padStart(18, '0')}`,
  };
}

export const START: StreamPart = {
  type: 'start',
  id: 'msg_01ABCDEFGH',
  model: 'claude-sonnet-4-5',
  createdAt: undefined,
};

/** The parts of a block, with pieces of text or whole parts of its choice. */
export function block(head: BlockHead, ...pieces: (string | object)[]): StreamPart[] {
  const inside = pieces.map((piece) =>
    typeof piece === 'string' ? { type: 'delta', choice: 0, text: piece } : { choice: 0, ...piece },
  );
  return [
    { type: 'block_start', choice: 0, block: head },
    ...(inside as StreamPart[]),
    { type: 'block_end', choice: 0 },
  ];
}

export function finish(reason: FinishReason, choice = 0, detail?: string): StreamPart {
  const finish = { reason, stopSequence: undefined, raw: undefined, detail };
  return { type: 'finish', choice, finish };
}

/** The chunks of a stream for that client; a payload that is no JSON stays a text. */
export function encodeStream(parts: readonly StreamPart[], target = answerTarget()) {
  const encoder = dialect.streamEncoder(target);
  const events = [...parts.flatMap((part) => encoder.push(part)), ...encoder.end()];
  return events.map((event) => {
    const data = /^data: (.*)\n\n$/s.exec(event)?.[1] ?? '';
    return data === '[DONE]' ? data : (JSON.parse(data) as JsonObject);
  });
}

/** The deltas of the first choice, in order. */
export function deltasOf(chunks: readonly (JsonObject | string)[]): JsonObject[] {
  return chunks.flatMap((chunk) =>
    typeof chunk === 'string'
      ? []
      : asObjects(chunk['choices']).map((choice) => asObject(choice['delta'])),
  );
}
