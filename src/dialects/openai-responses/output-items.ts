import type { JsonObject } from '../json-object.ts';
import { FOREIGN_ID } from '../reasoning-envelope.ts';

/** One event of a stream, but for its number. */
export interface OutputEvent extends JsonObject {
  type: string;
}

/** What the ids of items begin with; other prefixes are refused when they come back. */
const ID_PREFIXES = {
  message: 'msg',
  // Told apart from OpenAI's own where a client goes on with OpenAI.
  reasoning: FOREIGN_ID,
  function_call: 'fc',
  custom_tool_call: 'ctc',
  tool_search_call: 'tsc',
  web_search_call: 'ws',
  code_interpreter_call: 'ci',
  image_generation_call: 'ig',
} as const;

export type ItemType = keyof typeof ID_PREFIXES;

/** An item that was added and is not done yet. */
export interface OpenItem {
  /** An event about this item. */
  say(type: string, fields: JsonObject): void;
  /** Completes the item with its last fields. */
  done(fields: JsonObject): void;
}

/** The output of a response in the making: its items, and the events that tell of them. */
export interface OutputItems {
  /** The items so far, in order; those that are done are whole. */
  readonly output: readonly JsonObject[];
  /** Appends an item, under an id of its own that never changes. */
  add(type: ItemType, fields: JsonObject): OpenItem;
  /** The events since the last time. */
  take(): OutputEvent[];
}

/** An output without items. */
export function createOutputItems(mintId: () => string): OutputItems {
  const output: JsonObject[] = [];
  let events: OutputEvent[] = [];
  return {
    output,
    add(type, fields) {
      const item = { id: `${ID_PREFIXES[type]}_${mintId()}`, type, ...fields };
      const output_index = output.push(item) - 1;
      events.push({ type: 'response.output_item.added', output_index, item });
      return {
        say: (eventType, more) =>
          events.push({ type: eventType, item_id: item.id, output_index, ...more }),
        done(more) {
          const whole = { ...item, ...more };
          output[output_index] = whole;
          events.push({ type: 'response.output_item.done', output_index, item: whole });
        },
      };
    },
    take() {
      const taken = events;
      events = [];
      return taken;
    },
  };
}
