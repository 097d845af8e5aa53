import type { Signature } from '../ir/chat-request.ts';
import type { JsonObject } from '../json-object.ts';
import { sealSignature } from '../reasoning-envelope.ts';
import type { OpenItem, OutputItems } from './output-items.ts';

/** A reasoning item in progress. */
export interface OpenReasoning {
  append(text: string): void;
  end(signature: Signature | undefined): void;
}

/** Adds a reasoning item; its text is a summary or the raw thoughts. */
export function openReasoning(
  items: OutputItems,
  kind: 'summary' | 'raw' | 'redacted',
): OpenReasoning {
  const item = items.add('reasoning', { summary: [] });
  const words = kind === 'raw' ? RAW : SUMMARY;
  const at = { [words.index]: 0 };
  let text = '';
  return {
    append(delta) {
      if (text === '') item.say(words.added, { ...at, part: { type: words.part, text } });
      text += delta;
      item.say(words.delta, { ...at, delta });
    },
    end(signature) {
      const parts = text === '' ? [] : [{ type: words.part, text }];
      for (const part of parts) endPart(item, { words, at, part });
      item.done({ summary: [], [words.member]: parts, ...stateOf(signature) });
    },
  };
}

/** Adds an item that holds only the state of the block before or behind it. */
export function addState(items: OutputItems, signature: Signature): void {
  items.add('reasoning', { summary: [] }).done(stateOf(signature));
}

/** State of any provider is sealed and put where this API has its own. */
function stateOf(signature: Signature | undefined): JsonObject {
  return signature === undefined ? {} : { encrypted_content: sealSignature(signature) };
}

interface ReasoningWords {
  /** The item's member that holds the parts. */
  member: string;
  index: string;
  part: string;
  added: string;
  delta: string;
  textDone: string;
  partDone: string;
}

const SUMMARY: ReasoningWords = {
  member: 'summary',
  index: 'summary_index',
  part: 'summary_text',
  added: 'response.reasoning_summary_part.added',
  delta: 'response.reasoning_summary_text.delta',
  textDone: 'response.reasoning_summary_text.done',
  partDone: 'response.reasoning_summary_part.done',
};

const RAW: ReasoningWords = {
  member: 'content',
  index: 'content_index',
  part: 'reasoning_text',
  added: 'response.content_part.added',
  delta: 'response.reasoning_text.delta',
  textDone: 'response.reasoning_text.done',
  partDone: 'response.content_part.done',
};

interface EndedPart {
  words: ReasoningWords;
  at: JsonObject;
  part: { type: string; text: string };
}

function endPart(item: OpenItem, { words, at, part }: EndedPart): void {
  item.say(words.textDone, { ...at, text: part.text });
  item.say(words.partDone, { ...at, part });
}
