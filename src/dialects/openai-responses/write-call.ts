import type { Signature, Tool } from '../ir/chat-request.ts';
import type { BlockHead } from '../ir/stream-part.ts';
import type { JsonObject } from '../json-object.ts';
import { nameCall } from './flat-names.ts';
import type { OpenItem, OutputItems } from './output-items.ts';
import { searchArguments } from './tool-search.ts';
import { addState } from './write-reasoning.ts';

/** A call in progress. */
export interface OpenCall {
  append(text: string): void;
  sign(signature: Signature): void;
  end(): void;
}

type CallHead = Extract<BlockHead, { type: 'tool_call' }>;

const KINDS = {
  function: {
    item: 'function_call',
    member: 'arguments',
    event: 'response.function_call_arguments',
  },
  custom: {
    item: 'custom_tool_call',
    member: 'input',
    event: 'response.custom_tool_call_input',
  },
} as const;

/**
 * Adds a call. State of the call belongs into a reasoning item before it, but arrives after the first of its
 * arguments: the call is held until something follows these.
 */
export function openCall(items: OutputItems, head: CallHead, tools: readonly Tool[]): OpenCall {
  const isSearch = tools.some(
    (tool) => tool.type === 'function' && tool.findsTools === true && tool.name === head.name,
  );
  return isSearch ? openSearch(items, head) : openToolCall(items, head, tools);
}

/** A search is written whole: its arguments are an object, and there are no events for parts of them. */
function openSearch(items: OutputItems, { id: call_id }: CallHead): OpenCall {
  const fields = { call_id, execution: 'client' };
  let text = '';
  return {
    append(delta) {
      text += delta;
    },
    sign: (signature) => addState(items, { ...signature, target: 'next' }),
    end() {
      const item = items.add('tool_search_call', {
        ...fields,
        status: 'in_progress',
        arguments: {},
      });
      item.done({ status: 'completed', arguments: searchArguments(text) });
    },
  };
}

function openToolCall(items: OutputItems, head: CallHead, tools: readonly Tool[]): OpenCall {
  const { item: itemType, member, event } = KINDS[head.kind];
  const { id: call_id } = head;
  const named = nameCall(head.name, tools);
  let text = '';
  let item: OpenItem | undefined;
  let late: Signature | undefined;

  const open = (): OpenItem => {
    if (item !== undefined) return item;
    item = items.add(itemType, { status: 'in_progress', call_id, ...named, [member]: '' });
    if (text !== '') item.say(`${event}.delta`, { delta: text });
    return item;
  };

  return {
    append(delta) {
      if (text !== '') open().say(`${event}.delta`, { delta });
      text += delta;
    },
    sign(signature) {
      if (item === undefined) addState(items, { ...signature, target: 'next' });
      else late = { ...signature, target: 'prev' };
    },
    end() {
      if (text === '' && head.kind === 'function') text = '{}';
      const opened = open();
      const whole: JsonObject = { [member]: text };
      opened.say(
        `${event}.done`,
        head.kind === 'function' ? { ...whole, name: named.name } : whole,
      );
      opened.done({ status: 'completed', ...whole });
      if (late !== undefined) addState(items, late);
    },
  };
}
