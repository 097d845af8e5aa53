import type { Citation } from '../ir/chat-request.ts';
import type { JsonObject } from '../json-object.ts';
import { encodeAnnotation } from './annotations.ts';
import type { OpenItem, OutputItems } from './output-items.ts';

/** A part of a message in progress. */
export interface OpenPart {
  append(text: string, logprobs?: unknown[]): void;
  cite(citation: Citation): void;
  end(): void;
}

/** A message in progress; its parts come one after the other. */
export interface OpenMessage {
  openText(): OpenPart;
  openRefusal(): OpenPart;
  close(status: 'completed' | 'incomplete'): void;
}

/** Adds a message to the output. */
export function openMessage(items: OutputItems): OpenMessage {
  const item = items.add('message', { status: 'in_progress', role: 'assistant', content: [] });
  const content: JsonObject[] = [];
  return {
    openText: () => openText(item, content),
    openRefusal: () => openRefusal(item, content),
    close: (status) => item.done({ status, content }),
  };
}

function openText(item: OpenItem, content: JsonObject[]): OpenPart {
  const at = { content_index: content.length };
  const annotations: JsonObject[] = [];
  const logprobs: unknown[] = [];
  let text = '';
  const part = () => ({ type: 'output_text', text, annotations, logprobs });
  item.say('response.content_part.added', {
    ...at,
    part: { ...part(), annotations: [], logprobs: [] },
  });
  return {
    append(delta, more = []) {
      text += delta;
      logprobs.push(...more);
      item.say('response.output_text.delta', { ...at, delta, logprobs: more });
    },
    cite(citation) {
      const annotation = encodeAnnotation(citation);
      if (annotation === null) return;
      const annotation_index = annotations.push(annotation) - 1;
      const place = { ...at, annotation_index };
      item.say('response.output_text.annotation.added', { ...place, annotation });
    },
    end() {
      content.push(part());
      item.say('response.output_text.done', { ...at, text, logprobs });
      item.say('response.content_part.done', { ...at, part: part() });
    },
  };
}

function openRefusal(item: OpenItem, content: JsonObject[]): OpenPart {
  const at = { content_index: content.length };
  let refusal = '';
  const part = () => ({ type: 'refusal', refusal });
  item.say('response.content_part.added', { ...at, part: part() });
  return {
    append(delta) {
      refusal += delta;
      item.say('response.refusal.delta', { ...at, delta });
    },
    cite: () => {},
    end() {
      content.push(part());
      item.say('response.refusal.done', { ...at, refusal });
      item.say('response.content_part.done', { ...at, part: part() });
    },
  };
}
