import type { AnswerSource } from '../dialect.ts';
import type { BlockHead } from '../ir/stream-part.ts';
import { asObjects, asText, type JsonObject } from '../json-object.ts';
import { decodeAnnotation } from './annotations.ts';
import type { BlockQueue } from './block-queue.ts';
import type { SeenOutput } from './finish-reasons.ts';
import { readReasoningItem } from './reasoning-state.ts';
import { readServerTool } from './server-tool-items.ts';

/** The output of one response, as far as it has been read. */
export interface OutputReading {
  readonly queue: BlockQueue;
  readonly source: AnswerSource;
  readonly seen: SeenOutput;
  /** Items came in events of their own: the last event only repeats them. */
  hasItems: boolean;
}

/** Heads of the blocks that open with their first text. */
export const HEADS = {
  text: { type: 'text' },
  refusal: { type: 'refusal' },
  summary: { type: 'reasoning', kind: 'summary' },
  raw: { type: 'reasoning', kind: 'raw' },
} as const satisfies Record<string, BlockHead>;

/** Keys of blocks: parts of a message, the two sides of a reasoning item, and whole items. */
export const keyOf = {
  part: (item: unknown, part: unknown): string => `${item}/${part}`,
  summary: (item: unknown): string => `${item}/summary`,
  raw: (item: unknown): string => `${item}/raw`,
  item: (item: unknown): string => `${item}`,
};

/** Opens the block of a call, whose arguments follow. */
export function openCall({ queue, seen, source }: OutputReading, item: unknown, call: JsonObject) {
  const key = keyOf.item(item);
  if (queue.has(key)) return;
  seen.call = true;
  queue.open(key, callHead(call, source));
}

function callHead(call: JsonObject, { toolNames }: AnswerSource): BlockHead {
  const name = asText(call['name']) ?? '';
  return {
    type: 'tool_call',
    id: asText(call['call_id']) ?? asText(call['id']) ?? '',
    name: toolNames.get(name) ?? name,
    kind: call['type'] === 'custom_tool_call' ? 'custom' : 'function',
  };
}

/** Ends a part of a message, given as a whole: adds what was not streamed of it. */
export function endPart({ queue, seen }: OutputReading, key: string, part: JsonObject): void {
  if (part['type'] === 'refusal') {
    seen.refusal = true;
    if (!queue.has(key)) queue.open(key, HEADS.refusal);
    queue.fill(key, HEADS.refusal, { text: asText(part['refusal']) ?? '' });
  }
  if (part['type'] === 'output_text') {
    const { logprobs } = part;
    queue.fill(key, HEADS.text, { text: asText(part['text']) ?? '', logprobs });
    for (const annotation of asObjects(part['annotations']).slice(queue.citationsOf(key))) {
      queue.cite(key, decodeAnnotation(annotation));
    }
  }
  queue.close(key);
}

/** Ends an item, given as a whole; items of other kinds hold nothing that can be shown. */
export function endItem(reading: OutputReading, index: unknown, item: JsonObject): void {
  ITEM_ENDS[String(item['type'])]?.(reading, index, item);
}

type ItemEnd = (reading: OutputReading, index: unknown, item: JsonObject) => void;

const ITEM_ENDS: Readonly<Record<string, ItemEnd>> = {
  message: endMessage,
  reasoning: endReasoning,
  function_call: endCall,
  custom_tool_call: endCall,
  web_search_call: addServerTool,
  code_interpreter_call: addServerTool,
  image_generation_call: addImage,
};

function endMessage(reading: OutputReading, index: unknown, item: JsonObject): void {
  for (const [part, content] of asObjects(item['content']).entries()) {
    endPart(reading, keyOf.part(index, part), content);
  }
}

function endReasoning({ queue, source }: OutputReading, index: unknown, item: JsonObject): void {
  const { raw, summary, state } = readReasoningItem(item, source.family);
  queue.fill(keyOf.raw(index), HEADS.raw, { text: raw });
  queue.fill(keyOf.summary(index), HEADS.summary, { text: summary });
  const key = signedKey(queue, index);
  if (state !== undefined) {
    if (!queue.has(key)) queue.open(key, HEADS.summary);
    queue.sign(key, state);
  }
  queue.close(keyOf.raw(index));
  queue.close(keyOf.summary(index));
}

/** The state belongs to the summary, or to the raw thoughts if there is no summary. */
function signedKey(queue: BlockQueue, index: unknown): string {
  const [summary, raw] = [keyOf.summary(index), keyOf.raw(index)];
  return queue.has(raw) && !queue.has(summary) ? raw : summary;
}

function endCall(reading: OutputReading, index: unknown, item: JsonObject): void {
  const { queue, source } = reading;
  openCall(reading, index, item);
  const text = asText(item['type'] === 'custom_tool_call' ? item['input'] : item['arguments']);
  queue.fill(keyOf.item(index), callHead(item, source), { text: text ?? '' });
  queue.close(keyOf.item(index));
}

function addServerTool({ queue }: OutputReading, index: unknown, item: JsonObject): void {
  const block = readServerTool(item);
  if (block !== null) addWhole(queue, index, { type: 'server_tool', block });
}

function addImage({ queue }: OutputReading, index: unknown, item: JsonObject): void {
  const base64 = asText(item['result']);
  const mime = `image/${asText(item['output_format']) ?? 'png'}`;
  if (base64 !== undefined) addWhole(queue, index, { type: 'image', mime, base64 });
}

function addWhole(queue: BlockQueue, index: unknown, head: BlockHead): void {
  queue.open(keyOf.item(index), head);
  queue.close(keyOf.item(index));
}
