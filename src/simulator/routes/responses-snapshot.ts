import type { TokenUsage } from '../../core/token-usage.ts';
import { asObject, type JsonObject } from '../json-object.ts';
import type { Exchange } from './answer-prompt.ts';
import { CREATED_SECONDS } from './handler.ts';
import { encodeResponsesUsage } from './openai-usage.ts';

/** The reasoning that came before an answer. */
export interface ReasoningItem {
  type: 'reasoning';
  id: string;
  summary: { type: 'summary_text'; text: string }[];
  encrypted_content: string;
}

export interface TextPart {
  type: 'output_text';
  text: string;
  annotations: never[];
  logprobs: never[];
}

export interface RefusalPart {
  type: 'refusal';
  refusal: string;
}

/** The text of an answer, or the words that refuse it. */
export interface MessageItem {
  type: 'message';
  id: string;
  status: string;
  role: 'assistant';
  content: (TextPart | RefusalPart)[];
}

/** A call of a client's function. */
export interface FunctionCallItem {
  type: 'function_call';
  id: string;
  status: string;
  call_id: string;
  name: string;
  arguments: string;
}

export type OutputItem = ReasoningItem | MessageItem | FunctionCallItem;

/** The answer's items with their ids; a stream and its last snapshot share them. */
export function makeOutputItems({ answer, mint }: Exchange): OutputItem[] {
  const items: OutputItem[] = [];
  if (answer.reasoning !== '') {
    items.push({
      type: 'reasoning',
      id: mint('rs_'),
      summary: [{ type: 'summary_text', text: answer.reasoning }],
      encrypted_content: Buffer.from(mint('simulated reasoning ')).toString('base64'),
    });
  }
  if (answer.text !== '' || answer.calls.length === 0) {
    items.push({
      type: 'message',
      id: mint('msg_'),
      status: answer.finish === 'length' ? 'incomplete' : 'completed',
      role: 'assistant',
      content: [makePart(answer)],
    });
  }
  for (const call of answer.calls) {
    items.push({
      type: 'function_call',
      id: mint('fc_'),
      status: 'completed',
      call_id: call.id,
      name: call.name,
      arguments: call.argumentsJson,
    });
  }
  return items;
}

function makePart({ finish, text, refusal }: Exchange['answer']): TextPart | RefusalPart {
  if (finish === 'refusal') return { type: 'refusal', refusal };
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}

/** The response object with that output: in progress while there is no usage, final with it. */
export type ResponseSnapshot = (
  output: OutputItem[],
  usage: TokenUsage | null,
) => { status: string };

/** Request fields that the response repeats, with what it says when they are absent. */
const ECHOED = {
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  parallel_tool_calls: true,
  store: true,
  temperature: 1,
  tool_choice: 'auto',
  tools: [],
  top_p: 1,
  truncation: 'disabled',
};

/** Snapshots of one response; all have the same id. */
export function createResponseSnapshot(exchange: Exchange): ResponseSnapshot {
  const { prompt, answer, body, mint } = exchange;
  const isCut = answer.finish === 'length';
  const id = mint('resp_');
  return (output, usage) => ({
    id,
    object: 'response',
    created_at: CREATED_SECONDS,
    completed_at: usage === null || isCut ? null : CREATED_SECONDS,
    status: statusOf(usage, isCut),
    background: false,
    error: null,
    incomplete_details: usage !== null && isCut ? { reason: 'max_output_tokens' } : null,
    model: prompt.model,
    output,
    previous_response_id: null,
    service_tier: 'default',
    ...echoFields(body),
    reasoning: { effort: null, summary: null, ...asObject(body['reasoning']) },
    text: { format: { type: 'text' }, ...asObject(body['text']) },
    usage: usage === null ? null : encodeResponsesUsage(usage),
  });
}

function echoFields(body: JsonObject): JsonObject {
  const entries = Object.entries(ECHOED);
  return Object.fromEntries(entries.map(([name, absent]) => [name, body[name] ?? absent]));
}

/** The status is also the name of the event that ends a stream. */
function statusOf(usage: TokenUsage | null, isCut: boolean): string {
  if (usage === null) return 'in_progress';
  return isCut ? 'incomplete' : 'completed';
}
