import { asObject, isObject, type JsonObject, parseObject } from '../json-object.ts';

/** The output of a response as far as its client received it, for the event that ends it early. */
export interface SentOutput {
  /** Adds the data of an event that was sent. */
  note(data: Buffer): void;
  /** The items so far; an item that was not done is `incomplete`, with the content that was sent. */
  read(): JsonObject[];
}

/** Items by their index; some upstreams leave gaps between them. */
type Items = Map<number, JsonObject>;

/** Up to this size events are held unparsed, because the output is rarely needed. */
const HELD_BYTES = 64 * 1024;

/** The output of a stream of which nothing was sent yet. */
export function createSentOutput(): SentOutput {
  const items: Items = new Map();
  let open = 0;
  let held: Buffer[] = [];
  let heldBytes = 0;

  const release = (): Buffer[] => {
    const released = held;
    held = [];
    heldBytes = 0;
    return released;
  };
  const fold = () => {
    for (const data of release()) foldEvent(items, parseObject(data));
  };

  return {
    note(data) {
      if (!data.includes('"output_index"')) return;
      const edge = readEdge(data);
      if (edge === null) {
        // A copy, so that the chunk's buffer can be freed.
        held.push(Buffer.from(data));
        heldBytes += data.length;
        if (heldBytes > HELD_BYTES) fold();
        return;
      }
      open = Math.max(0, edge['type'] === ADDED ? open + 1 : open - 1);
      // A complete item repeats what its events said.
      if (open === 0) release();
      else fold();
      foldEvent(items, edge);
    },
    read() {
      fold();
      const inOrder = [...items].sort(([one], [other]) => one - other);
      return inOrder.map(([, item]) =>
        item['status'] === 'in_progress' ? { ...item, status: 'incomplete' } : item,
      );
    },
  };
}

const ADDED = 'response.output_item.added';
const DONE = 'response.output_item.done';

/** The event if it begins or completes an item, else null. */
function readEdge(data: Buffer): JsonObject | null {
  if (!data.includes('response.output_item.')) return null;
  const event = parseObject(data);
  return event['type'] === ADDED || event['type'] === DONE ? event : null;
}

/** Where the text of a delta belongs: the list of parts and its index, if any, and the member. */
const DELTAS: Readonly<
  Record<string, { member: string; list?: 'content' | 'summary'; index?: string }>
> = {
  'response.output_text.delta': { member: 'text', list: 'content', index: 'content_index' },
  'response.refusal.delta': { member: 'refusal', list: 'content', index: 'content_index' },
  'response.reasoning_text.delta': { member: 'text', list: 'content', index: 'content_index' },
  'response.reasoning_summary_text.delta': {
    member: 'text',
    list: 'summary',
    index: 'summary_index',
  },
  'response.function_call_arguments.delta': { member: 'arguments' },
  'response.custom_tool_call_input.delta': { member: 'input' },
  'response.mcp_call_arguments.delta': { member: 'arguments' },
  'response.code_interpreter_call_code.delta': { member: 'code' },
};

function foldEvent(items: Items, event: JsonObject): void {
  const { type, delta } = event;
  const at = Number(event['output_index']);
  switch (type) {
    case ADDED:
    case DONE:
      items.set(at, asObject(event['item']));
      return;
    case 'response.content_part.added':
    case 'response.content_part.done':
      put(partsOf(items, at, 'content'), event['content_index'], event['part']);
      return;
    case 'response.reasoning_summary_part.added':
    case 'response.reasoning_summary_part.done':
      put(partsOf(items, at, 'summary'), event['summary_index'], event['part']);
      return;
    case 'response.output_text.annotation.added': {
      const part = partsOf(items, at, 'content')[Number(event['content_index'])];
      const annotations = part?.['annotations'];
      if (Array.isArray(annotations))
        put(annotations, event['annotation_index'], event['annotation']);
      return;
    }
    default: {
      const place = DELTAS[String(type)];
      if (place === undefined || typeof delta !== 'string') return;
      const { member, list, index } = place;
      const owner = list ? partsOf(items, at, list)[Number(event[index ?? ''])] : items.get(at);
      if (owner !== undefined) owner[member] = String(owner[member] ?? '') + delta;
    }
  }
}

function partsOf(items: Items, at: number, list: 'content' | 'summary'): JsonObject[] {
  const item = asObject(items.get(at));
  if (!Array.isArray(item[list])) item[list] = [];
  return item[list] as JsonObject[];
}

/** Lists grow by one element at a time: a larger index is invalid and ignored. */
function put(list: JsonObject[], index: unknown, value: unknown): void {
  const at = Number.isInteger(index) ? Number(index) : -1;
  if (at >= 0 && at <= list.length && isObject(value)) list[at] = value;
}
