import { anthropicMessagesDialect as dialect } from '../../../src/dialects/anthropic-messages/dialect.ts';
import type { AnswerSource, AnswerTarget, EncodeTarget } from '../../../src/dialects/dialect.ts';
import type { Block, ChatRequest, TextBlock, Turn } from '../../../src/dialects/ir/chat-request.ts';
import { asObject, asObjects, type JsonObject } from '../../../src/dialects/json-object.ts';
import { createLosses } from '../../../src/dialects/losses.ts';
import { capsOf, familyOf, type ModelCaps } from '../../../src/dialects/model-caps.ts';
import { parseWire, stringifyWire } from '../../../src/dialects/raw-json.ts';

/** A body as it comes off the wire. */
export function wire(body: object): JsonObject {
  return parseWire(Buffer.from(JSON.stringify(body)));
}

/** A client's body, decoded; `hello` unless it says something. */
export function decode(fields: object = {}): ChatRequest {
  const body = { model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'hello' }] };
  return dialect.decodeRequest(wire({ ...body, ...fields }), { stream: false });
}

/** The blocks of a decoded user message with that content. */
export function decodeBlocks(content: unknown, role = 'user'): Block[] {
  return decode({ messages: [{ role, content }] }).turns[0]?.blocks ?? [];
}

/** A request that says `hello` and nothing else. */
export function chatRequest(fields: Partial<ChatRequest> = {}): ChatRequest {
  const { extra: _native, ...request } = decode();
  const output = { ...request.output, maxTokens: undefined };
  return { ...request, output, extra: {}, ...fields };
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

/** The result of such a call. */
export function result(name: string, ...content: TextBlock[]): Block & { type: 'tool_result' } {
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
  { slug = 'claude-sonnet-4-5', caps = {} as Partial<ModelCaps>, isStrict = false } = {},
) {
  const losses = createLosses({ isStrict, model: slug, dialect: 'anthropic-messages' });
  const target: EncodeTarget = {
    model: slug,
    caps: capsOf('anthropic-messages', slug, caps),
    family: familyOf(slug),
    losses,
  };
  const { body, ...rest } = dialect.encodeRequest({ ...chatRequest(), ...fields }, target);
  const json = stringifyWire(body);
  return { body: asObject(JSON.parse(json)), json, warnings: losses.warnings, ...rest };
}

/** What an answer is read with. */
export function answerSource(fields: Partial<AnswerSource> = {}): AnswerSource {
  return { family: 'claude', toolNames: new Map(), customTools: new Set(), ...fields };
}

/** What an answer is written for: a client that wants to see thinking. */
export function answerTarget(request: Partial<ChatRequest> = {}): AnswerTarget {
  let minted = 0;
  return {
    request: {
      ...chatRequest(),
      reasoning: { mode: 'auto', effort: undefined, budget: undefined, expose: 'summary' },
      ...request,
    },
    body: {},
    inputEstimate: 12,
    framing: 'sse',
    nowSeconds: 1_790_000_000,
    mintId: () => `minted${String(minted++).padStart(18, '0')}`,
  };
}

/** The events in the text of a stream, each checked to be named for its type. */
export function readEvents(stream: readonly string[]): JsonObject[] {
  return stream.map((event) => {
    const [, name, data] = /^event: (\w+)\ndata: (.*)\n\n$/s.exec(event) ?? [];
    const parsed = asObject(JSON.parse(data ?? 'null'));
    if (name === undefined || parsed['type'] !== name) throw new Error(`odd event: ${event}`);
    return parsed;
  });
}

/** The message that a client's accumulator makes of a stream's events. */
export function accumulate(events: readonly JsonObject[]): JsonObject {
  const message: JsonObject = {};
  const content: JsonObject[] = [];
  const inputs = new Map<JsonObject, string>();
  for (const event of events) {
    const block = content[Number(event['index'])] ?? {};
    const delta = asObject(event['delta']);
    switch (event['type']) {
      case 'message_start':
        Object.assign(message, event['message']);
        break;
      case 'content_block_start':
        content.push(structuredClone(asObject(event['content_block'])));
        break;
      case 'content_block_delta':
        addDelta(block, delta, inputs);
        break;
      case 'content_block_stop':
        if (inputs.has(block)) block['input'] = JSON.parse(inputs.get(block) || '{}');
        break;
      case 'message_delta':
        Object.assign(message, delta, { usage: event['usage'] });
        break;
      default:
        break;
    }
  }
  return { ...message, content };
}

function addDelta(block: JsonObject, delta: JsonObject, inputs: Map<JsonObject, string>): void {
  switch (delta['type']) {
    case 'text_delta':
      block['text'] = `${block['text']}${delta['text']}`;
      break;
    case 'thinking_delta':
      block['thinking'] = `${block['thinking']}${delta['thinking']}`;
      break;
    case 'signature_delta':
      block['signature'] = delta['signature'];
      break;
    case 'input_json_delta':
      inputs.set(block, `${inputs.get(block) ?? ''}${delta['partial_json']}`);
      break;
    case 'citations_delta':
      block['citations'] = [...asObjects(block['citations']), delta['citation']];
      break;
    default:
      throw new Error(`odd delta: ${JSON.stringify(delta)}`);
  }
}
