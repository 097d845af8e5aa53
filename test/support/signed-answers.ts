import type { DialectId } from '../../src/dialects/dialect.ts';
import type { JsonObject } from '../../src/dialects/json-object.ts';
import { type FakeAnswer, sse } from './fake-upstream.ts';

/** An upstream that signs or encrypts what it thought, and wants it back. */
interface SignedAnswer {
  /** A model of it, whose family reads the state again. */
  slug: string;
  whole: JsonObject;
  events: unknown[];
  /** What of its own it has to find in the next request, as it was. */
  findState(body: JsonObject): unknown;
  /** The state itself, and what nobody else may see of it. */
  state: unknown;
  secrets: readonly string[];
}

/** What the model thought: nobody's visible text. */
export const THOUGHT = 'a thought that is for no other model';

const SAID = 'Let me look.';
const usage = { input_tokens: 9, output_tokens: 9 };

/** Signatures are base64; these have every letter that some encoding would change. */
const SIGNATURE = 'EqQB+/sig/of/the/thinking+A==';
const REDACTED = 'EvAD+/redacted/blob+B==';
const ENCRYPTED = 'gAAAAAB_encrypted-reasoning/+C==';
const THOUGHT_SIGNATURE = 'CtkBAf7+/thought/signature+D==';
const DETAIL_STATE = 'ErUB+/encrypted/detail+E==';

const thinking = { type: 'thinking', thinking: THOUGHT, signature: SIGNATURE };
const redacted = { type: 'redacted_thinking', data: REDACTED };
const toolUse = (name: string) => ({ type: 'tool_use', id: `toolu_${name}`, name, input: {} });
const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude' };

const claude: SignedAnswer = {
  slug: 'claude-opus-4-5',
  whole: {
    ...message,
    content: [thinking, redacted, { type: 'text', text: SAID }, toolUse('look'), toolUse('hear')],
    stop_reason: 'tool_use',
    usage,
  },
  events: [
    { type: 'message_start', message: { ...message, content: [], usage } },
    ...anthropicBlock(0, { ...thinking, thinking: '', signature: '' }, [
      { type: 'thinking_delta', thinking: THOUGHT },
      { type: 'signature_delta', signature: SIGNATURE },
    ]),
    ...anthropicBlock(1, redacted, []),
    ...anthropicBlock(2, { type: 'text', text: '' }, [{ type: 'text_delta', text: SAID }]),
    ...anthropicBlock(3, toolUse('look'), [{ type: 'input_json_delta', partial_json: '{}' }]),
    ...anthropicBlock(4, toolUse('hear'), [{ type: 'input_json_delta', partial_json: '{}' }]),
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage },
    { type: 'message_stop' },
  ],
  findState: ({ messages }) =>
    (messages as { role: string; content: JsonObject[] }[])
      .filter(({ role }) => role === 'assistant')
      .flatMap(({ content }) => content)
      .filter(({ type }) => String(type).includes('thinking')),
  state: [thinking, redacted],
  secrets: [SIGNATURE, REDACTED],
};

function anthropicBlock(index: number, content_block: JsonObject, deltas: JsonObject[]) {
  return [
    { type: 'content_block_start', index, content_block },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

const reasoningItem = {
  id: 'rs_1',
  type: 'reasoning',
  summary: [{ type: 'summary_text', text: THOUGHT }],
  encrypted_content: ENCRYPTED,
};
const output = [
  reasoningItem,
  {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: SAID, annotations: [] }],
  },
  ...['look', 'hear'].map((name) => ({
    id: `fc_${name}`,
    type: 'function_call',
    call_id: `call_${name}`,
    name,
    arguments: '{}',
    status: 'completed',
  })),
];
const response = {
  id: 'resp_1',
  object: 'response',
  model: 'gpt-5.4',
  status: 'in_progress',
  output: [],
};
const completed = {
  ...response,
  status: 'completed',
  output,
  usage: { ...usage, total_tokens: 18 },
};

const gpt: SignedAnswer = {
  slug: 'gpt-5.4',
  whole: completed,
  events: [
    { type: 'response.created', sequence_number: 0, response },
    ...output.flatMap((item, output_index) => [
      {
        type: 'response.output_item.added',
        sequence_number: 1 + 2 * output_index,
        output_index,
        item,
      },
      {
        type: 'response.output_item.done',
        sequence_number: 2 + 2 * output_index,
        output_index,
        item,
      },
    ]),
    { type: 'response.completed', sequence_number: 9, response: completed },
  ],
  findState: ({ input }) => (input as JsonObject[]).filter(({ type }) => type === 'reasoning'),
  state: [reasoningItem],
  secrets: [ENCRYPTED],
};

const call = (name: string) => ({ functionCall: { id: `id_${name}`, name, args: {} } });
const candidate = {
  candidates: [
    {
      index: 0,
      content: {
        role: 'model',
        parts: [
          { text: THOUGHT, thought: true },
          { text: SAID },
          { ...call('look'), thoughtSignature: THOUGHT_SIGNATURE },
          call('hear'),
        ],
      },
      finishReason: 'STOP',
    },
  ],
  modelVersion: 'gemini-3-pro-preview',
  responseId: 'answer-1',
  usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 9, totalTokenCount: 18 },
};

const gemini: SignedAnswer = {
  slug: 'gemini-3-pro-preview',
  whole: candidate,
  events: [candidate],
  findState: ({ contents }) =>
    (contents as { parts: JsonObject[] }[])
      .flatMap(({ parts }) => parts)
      .filter((part) => part['functionCall'])
      .map(({ functionCall, thoughtSignature }) => [
        (functionCall as JsonObject)['name'],
        thoughtSignature,
      ]),
  state: [
    ['look', THOUGHT_SIGNATURE],
    ['hear', undefined],
  ],
  secrets: [THOUGHT_SIGNATURE],
};

const detail = {
  type: 'reasoning.encrypted',
  data: DETAIL_STATE,
  format: 'xai-responses-v1',
  index: 0,
};
const chatCalls = ['look', 'hear'].map((name, index) => ({
  index,
  id: `call_${name}`,
  type: 'function',
  function: { name, arguments: '{}' },
}));
const chatHead = { id: 'c1', object: 'chat.completion', created: 1, model: 'grok-4' };
const chatUsage = { prompt_tokens: 9, completion_tokens: 9, total_tokens: 18 };
const chatMessage = {
  role: 'assistant',
  content: SAID,
  reasoning: THOUGHT,
  reasoning_details: [detail],
  tool_calls: chatCalls,
};

/** OpenRouter's way of chat completions: https://openrouter.ai/docs/use-cases/reasoning-tokens */
const openrouter: SignedAnswer = {
  slug: 'x-ai/grok-4',
  whole: {
    ...chatHead,
    choices: [{ index: 0, message: chatMessage, finish_reason: 'tool_calls' }],
    usage: chatUsage,
  },
  events: [
    { ...chatHead, choices: [{ index: 0, delta: chatMessage, finish_reason: null }] },
    { ...chatHead, choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
    { ...chatHead, choices: [], usage: chatUsage },
    '[DONE]',
  ],
  findState: ({ messages }) =>
    (messages as JsonObject[]).flatMap((each) => each['reasoning_details'] ?? []),
  state: [detail],
  secrets: [DETAIL_STATE],
};

/** One such upstream of each dialect; each calls `look` and `hear` at once. */
export const SIGNED: Readonly<Record<DialectId, SignedAnswer>> = {
  'openai-chat': openrouter,
  'openai-responses': gpt,
  'anthropic-messages': claude,
  'google-generate-content': gemini,
};

/** Its answer, streamed where the request asks for it. */
export function signedAnswer(dialect: DialectId, isStream: boolean): FakeAnswer {
  const { whole, events } = SIGNED[dialect];
  if (!isStream) return { body: JSON.stringify(whole) };
  // Anthropic's SDK looks at named events alone.
  const body = events.map((event) => {
    const [text = ''] = sse(event);
    const { type } = event as JsonObject;
    return type === undefined ? text : `event: ${type}\n${text}`;
  });
  return { headers: { 'content-type': 'text/event-stream' }, body };
}
