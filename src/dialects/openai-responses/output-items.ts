import type { JsonObject } from '../json-object.ts';
import { FOREIGN_ID } from '../reasoning-envelope.ts';

/** One event of a stream, without its sequence number. */
export interface OutputEvent extends JsonObject {
  type: string;
}

/** Prefixes of item ids; the API refuses other prefixes when the items are sent back. */
const ID_PREFIXES = {
  message: 'msg',
  // Distinct from OpenAI's own, for clients that continue with OpenAI.
  reasoning: FOREIGN_ID,
  function_call: 'fc',
  custom_tool_call: 'ctc',
  tool_search_call: 'tsc',
  web_search_call: 'ws',
  code_interpreter_call: 'ci',
  image_generation_call: 'ig',
} as const;

export type ItemType = keyof typeof ID_PREFIXES;

/** An item that is not done yet. */
export interface OpenItem {
  /** Adds an event about this item. */
  say(type: string, fields: JsonObject): void;
  /** Completes the item with its last fields. */
  done(fields: JsonObject): void;
}

/** The growing output of a response: its items, and the events about them. */
export interface OutputItems {
  /** The items so far, in order; those that are done are complete. */
  readonly output: readonly JsonObject[];
  /** Appends an item with an id that never changes. */
  add(type: ItemType, fields: JsonObject): OpenItem;
  /** The events since the last call. */
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
