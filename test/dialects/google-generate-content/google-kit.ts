import type { AnswerSource, AnswerTarget, EncodeTarget } from '../../../src/dialects/dialect.ts';
import { googleGenerateContentDialect as dialect } from '../../../src/dialects/google-generate-content/dialect.ts';
import type { Block, ChatRequest, TextBlock, Turn } from '../../../src/dialects/ir/chat-request.ts';
import type { BlockHead, FinishReason, StreamPart } from '../../../src/dialects/ir/stream-part.ts';
import { asObject, asObjects, type JsonObject } from '../../../src/dialects/json-object.ts';
import { createLosses } from '../../../src/dialects/losses.ts';
import { capsOf, familyOf, type ModelCaps } from '../../../src/dialects/model-caps.ts';
import { parseWire, stringifyWire } from '../../../src/dialects/raw-json.ts';
import type { EventData } from '../../../src/dialects/wire-format.ts';

/** A body as it comes off the wire. */
export function wire(body: object | string): JsonObject {
  return parseWire(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
}

/** A client's body, decoded; `hello` unless it says something. */
export function decode(fields: object = {}): ChatRequest {
  const body = { contents: [{ role: 'user', parts: [{ text: 'hello' }] }] };
  return dialect.decodeRequest(wire({ ...body, ...fields }), { stream: false });
}

/** The turns of such contents, the first being the user's `hello`. */
export function decodeTurns(...contents: object[]): Turn[] {
  return decode({ contents: [{ role: 'user', parts: [{ text: 'hello' }] }, ...contents] }).turns;
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

/** A request as the upstream gets it, its body parsed again, with what was lost on the way. */
export function encode(
  fields: Partial<ChatRequest>,
  { slug = 'gemini-2.5-flash', caps = {} as Partial<ModelCaps>, isStrict = false } = {},
) {
  const losses = createLosses({ isStrict, model: slug, dialect: dialect.id });
  const target: EncodeTarget = {
    model: slug,
    caps: capsOf(dialect.id, slug, caps),
    family: familyOf(slug),
    losses,
  };
  const { body, toolNames } = dialect.encodeRequest({ ...decode(), ...fields }, target);
  const json = stringifyWire(body);
  return { body: asObject(JSON.parse(json)), json, warnings: losses.warnings, toolNames };
}

/** The contents that such turns become. */
export function encodeTurns(turns: Turn[], options: Parameters<typeof encode>[1] = {}) {
  return asObjects(encode({ turns }, options).body['contents']);
}

/** What an answer is read with. */
export function answerSource(fields: Partial<AnswerSource> = {}): AnswerSource {
  return { family: 'gemini', toolNames: new Map(), customTools: new Set(), ...fields };
}

/** An answer with one candidate of such parts. */
export function answer(parts: object[], fields: object = {}): JsonObject {
  const candidate = {
    index: 0,
    content: { role: 'model', parts },
    finishReason: 'STOP',
    ...fields,
  };
  return { candidates: [candidate], modelVersion: 'gemini-2.5-flash', responseId: 'resp-id-1' };
}

/** A piece of a stream: an answer that has not ended. */
export function piece(parts: object[], fields: object = {}): JsonObject {
  return answer(parts, { finishReason: undefined, ...fields });
}

/** The parts of a whole answer. */
export function decodeWhole(body: object, source: Partial<AnswerSource> = {}): StreamPart[] {
  return dialect.decodeResponse(wire(body), answerSource(source));
}

/** The parts of a stream of answers. */
export function decodeStream(
  pieces: readonly (object | EventData)[],
  source: Partial<AnswerSource> = {},
): StreamPart[] {
  const decoder = dialect.streamDecoder(answerSource(source));
  const events = pieces.map((each) => {
    if ('data' in each && Buffer.isBuffer(each.data)) return each as EventData;
    const data = Buffer.from(JSON.stringify(each));
    return { data };
  });
  return [...events.flatMap((event) => decoder.push(event)), ...decoder.end()];
}

/** What an answer is written for: a client that wants to see thoughts. */
export function answerTarget(
  request: Partial<ChatRequest> = {},
  framing: AnswerTarget['framing'] = 'sse',
): AnswerTarget {
  let minted = 0;
  return {
    request: {
      ...decode(),
      reasoning: { mode: 'auto', effort: undefined, budget: undefined, expose: 'summary' },
      ...request,
    },
    body: {},
    inputEstimate: 12,
    framing,
    nowSeconds: 1_790_000_000,
    mintId: () => `minted${String(minted++).padStart(18, '0')}`,
  };
}

/** A client that did not ask for thoughts. */
export const SILENT = { reasoning: undefined };

export const START: StreamPart = {
  type: 'start',
  id: 'msg_01ABCDEFGH',
  model: 'claude-sonnet-4-5',
  createdAt: undefined,
};

/** The parts of a block, with pieces of text or whole parts of its choice. */
export function block(head: BlockHead, ...pieces: (string | object)[]): StreamPart[] {
  const inside = pieces.map((each) =>
    typeof each === 'string' ? { type: 'delta', choice: 0, text: each } : { choice: 0, ...each },
  );
  return [
    { type: 'block_start', choice: 0, block: head },
    ...(inside as StreamPart[]),
    { type: 'block_end', choice: 0 },
  ];
}

export function finish(reason: FinishReason, fields: object = {}, choice = 0): StreamPart {
  const finish = { reason, stopSequence: undefined, raw: undefined, detail: undefined, ...fields };
  return { type: 'finish', choice, finish };
}

/** The texts of the events that such parts become. */
export function streamTexts(parts: readonly StreamPart[], target = answerTarget()): string[] {
  const encoder = dialect.streamEncoder(target);
  return [...parts.flatMap((part) => encoder.push(part)), ...encoder.end()];
}

/** The answers of a stream for that client. */
export function encodeStream(parts: readonly StreamPart[], target = answerTarget()): JsonObject[] {
  return streamTexts(parts, target).map((event) => {
    const [, data] = /^data: (.*)\r\n\r\n$/s.exec(event) ?? [];
    return JSON.parse(data ?? 'null') as JsonObject;
  });
}

/** The parts of the first candidate of answers, in order. */
export function partsOf(answers: readonly JsonObject[]): JsonObject[] {
  return answers.flatMap((each) =>
    asObjects(asObject(asObjects(each['candidates'])[0]?.['content'])['parts']),
  );
}
