import type { FakeAnswer } from './fake-upstream.ts';

/** One way to ask for an answer in words: where it goes, and how its two kinds of answer look. */
export interface Wire {
  name: 'chat' | 'responses' | 'messages' | 'gemini';
  surface: 'openai' | 'anthropic' | 'google';
  path(model: string, stream?: boolean): string;
  /** A small request; the path names the model where the wire has no member for it. */
  request(model: string, stream?: boolean): Record<string, unknown>;
  /** An upstream's plain answer "Hello": 10 tokens in, 5 out. */
  answer: Readonly<Record<string, unknown>>;
  /** The events of an upstream's stream of the same answer, as they are written. */
  events: readonly string[];
  /** How many of the events pass before the first word has. */
  eventsToFirstWord: number;
  /** What stands in the last event, and nowhere before it. */
  end: string;
}

/** The slug that the answers of the wires name. */
const MODEL = 'slug-1';

const openaiUsage = { input_tokens: 10, output_tokens: 5, total_tokens: 15 };

function data(payload: unknown): string {
  return `data: ${typeof payload === 'string' ? payload : JSON.stringify(payload)}\n\n`;
}

function typed(payload: { type: string } & Record<string, unknown>): string {
  return `event: ${payload.type}\n${data(payload)}`;
}

function chunk(choices: unknown[], rest: Record<string, unknown> = {}) {
  return data({ id: 'c1', object: 'chat.completion.chunk', model: MODEL, choices, ...rest });
}

const chatUsage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

const chat: Wire = {
  name: 'chat',
  surface: 'openai',
  path: () => '/v1/chat/completions',
  request: (model, stream = false) => ({
    model,
    messages: [{ role: 'user', content: 'Hi' }],
    // The client asks for usage itself, so that nothing is to be hidden from it.
    ...(stream ? { stream, stream_options: { include_usage: true } } : {}),
  }),
  answer: {
    id: 'c1',
    object: 'chat.completion',
    model: MODEL,
    choices: [
      { index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' },
    ],
    usage: chatUsage,
  },
  events: [
    chunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]),
    chunk([{ index: 0, delta: { content: 'Hello' }, finish_reason: null }]),
    chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
    chunk([], { usage: chatUsage }),
    data('[DONE]'),
  ],
  eventsToFirstWord: 2,
  end: '[DONE]',
};

const openResponse = { id: 'r1', object: 'response', model: MODEL, status: 'in_progress' };
const message = {
  id: 'i1',
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text: 'Hello', annotations: [] }],
};
const doneResponse = {
  ...openResponse,
  status: 'completed',
  output: [message],
  usage: openaiUsage,
};

const responses: Wire = {
  name: 'responses',
  surface: 'openai',
  path: () => '/v1/responses',
  request: (model, stream = false) => ({ model, input: 'Hi', ...(stream ? { stream } : {}) }),
  answer: doneResponse,
  events: [
    typed({ type: 'response.created', sequence_number: 0, response: openResponse }),
    typed({ type: 'response.output_text.delta', sequence_number: 1, delta: 'Hello' }),
    typed({ type: 'response.output_text.done', sequence_number: 2, text: 'Hello' }),
    typed({ type: 'response.completed', sequence_number: 3, response: doneResponse }),
  ],
  eventsToFirstWord: 2,
  end: 'event: response.completed',
};

const openMessage = { id: 'msg_1', type: 'message', role: 'assistant', model: MODEL };

const messages: Wire = {
  name: 'messages',
  surface: 'anthropic',
  path: () => '/v1/messages',
  request: (model, stream = false) => ({
    model,
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Hi' }],
    ...(stream ? { stream } : {}),
  }),
  answer: {
    ...openMessage,
    content: [{ type: 'text', text: 'Hello' }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 10, output_tokens: 5 },
  },
  events: [
    typed({
      type: 'message_start',
      message: { ...openMessage, content: [], usage: { input_tokens: 10, output_tokens: 1 } },
    }),
    typed({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
    typed({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } }),
    typed({ type: 'content_block_stop', index: 0 }),
    typed({
      type: 'message_delta',
      delta: { stop_reason: 'end_turn' },
      usage: { output_tokens: 5 },
    }),
    typed({ type: 'message_stop' }),
  ],
  eventsToFirstWord: 3,
  end: 'event: message_stop',
};

function candidate(text: string, rest: Record<string, unknown> = {}) {
  return { content: { parts: [{ text }], role: 'model' }, index: 0, ...rest };
}

const geminiUsage = { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 };

function line(payload: unknown): string {
  return `data: ${JSON.stringify(payload)}\r\n\r\n`;
}

const gemini: Wire = {
  name: 'gemini',
  surface: 'google',
  path: (model, stream = false) =>
    `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
  request: () => ({ contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] }),
  answer: {
    candidates: [candidate('Hello', { finishReason: 'STOP' })],
    usageMetadata: geminiUsage,
    modelVersion: MODEL,
  },
  events: [
    line({
      candidates: [candidate('Hel')],
      usageMetadata: { promptTokenCount: 10, totalTokenCount: 10 },
      modelVersion: MODEL,
    }),
    line({
      candidates: [candidate('lo', { finishReason: 'STOP' })],
      usageMetadata: geminiUsage,
      modelVersion: MODEL,
    }),
  ],
  eventsToFirstWord: 1,
  end: '"finishReason"',
};

/** The four ways, one of each dialect. */
export const WIRES: readonly Wire[] = [chat, responses, messages, gemini];

/** An upstream that answers in one piece. */
export function plainAnswer({ answer }: Wire): FakeAnswer {
  return { body: JSON.stringify(answer) };
}

/** An upstream that streams its answer, or those events of it. */
export function streamedAnswer(wire: Wire, events: readonly string[] = wire.events): FakeAnswer {
  return { headers: { 'content-type': 'text/event-stream' }, body: events };
}

/** An upstream whose stream breaks off behind its first word. */
export function cutAnswer(wire: Wire): FakeAnswer {
  return { ...streamedAnswer(wire, wire.events.slice(0, wire.eventsToFirstWord)), cut: true };
}

/** What every error of the wire's API tells, whatever its envelope. */
export interface WireError {
  type: string;
  message: string;
  code: string;
}

/** Reads the error in an answer's body, or in the payload of an event. */
export function readError({ surface }: Wire, body: unknown): WireError {
  const { error } = body as { error: Record<string, unknown> };
  if (surface !== 'google') return error as unknown as WireError;
  const [detail] = error['details'] as { reason: string }[];
  return {
    type: String(error['status']),
    message: String(error['message']),
    code: String(detail?.reason),
  };
}
