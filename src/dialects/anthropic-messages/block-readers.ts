import type { AnswerSource } from '../dialect.ts';
import type { Signature } from '../ir/chat-request.ts';
import type { BlockHead, StreamPart } from '../ir/stream-part.ts';
import { asObjects, asText, isObject, type JsonObject } from '../json-object.ts';
import { sourceText } from '../raw-json.ts';
import { decodeCustomInput } from '../tool-input.ts';
import { decodeCitation } from './citations.ts';

/** Reads one content block of an answer, event by event. */
export interface BlockReader {
  start(): StreamPart[];
  delta(delta: JsonObject): StreamPart[];
  stop(): StreamPart[];
}

/** Reader of blocks that no other API has, such as the mark of a fallback model. */
export const SKIPPED: BlockReader = { start: () => [], delta: () => [], stop: () => [] };

const choice = 0;

/** The part that opens a block. */
export function opening(block: BlockHead): StreamPart {
  return { type: 'block_start', choice, block };
}

/** The part that closes a block. */
export const CLOSING: StreamPart = { type: 'block_end', choice };

function words(text: string | undefined): StreamPart[] {
  return text === undefined ? [] : [{ type: 'delta', choice, text }];
}

/** Reads a text; one that stays empty makes no block. */
export function readText(block: JsonObject): BlockReader {
  let text = '';
  const citations = asObjects(block['citations']);
  const add = (added: string | undefined): StreamPart[] => {
    if (added === undefined) return [];
    const isFirst = text === '';
    text += added;
    return isFirst ? [opening({ type: 'text' }), ...words(added)] : words(added);
  };
  return {
    start: () => add(asText(block['text'])),
    delta({ type, text: added, citation }) {
      if (type === 'citations_delta' && isObject(citation)) citations.push(citation);
      return type === 'text_delta' ? add(asText(added)) : [];
    },
    stop() {
      if (text === '') return [];
      const cited = citations.map(
        (citation): StreamPart => ({
          type: 'citation',
          choice,
          citation: decodeCitation(citation, text),
        }),
      );
      return [...cited, CLOSING];
    },
  };
}

/** Reads thinking with its signature; a later signature replaces an earlier one. The text may be missing. */
export function readThinking(block: JsonObject, { family }: AnswerSource): BlockReader {
  let value = asText(block['signature']) ?? '';
  return {
    start: () => [
      opening({ type: 'reasoning', kind: 'summary' }),
      ...words(asText(block['thinking'])),
    ],
    delta({ type, thinking, signature }) {
      if (type === 'signature_delta') value = asText(signature) ?? value;
      return type === 'thinking_delta' ? words(asText(thinking)) : [];
    },
    stop: () => [...signed(value, 'sig', family), CLOSING],
  };
}

/** Reads redacted thinking: only its state. */
export function readRedacted(block: JsonObject, { family }: AnswerSource): BlockReader {
  return {
    start: () => [opening({ type: 'reasoning', kind: 'redacted' })],
    delta: () => [],
    stop: () => [...signed(asText(block['data']) ?? '', 'redacted', family), CLOSING],
  };
}

function signed(value: string, kind: Signature['kind'], family: string): StreamPart[] {
  if (value === '') return [];
  const dialect = 'anthropic-messages';
  return [
    { type: 'signature', choice, signature: { dialect, family, kind, value, target: 'self' } },
  ];
}

/** Reads a tool call; a call of the tool that stands for a JSON schema becomes the answer's text. */
export function readToolUse(block: JsonObject, source: AnswerSource): BlockReader {
  const wireName = asText(block['name']) ?? '';
  const name = source.toolNames.get(wireName) ?? wireName;
  const isCustom = source.customTools.has(name);
  const head: BlockHead =
    wireName === source.jsonTool
      ? { type: 'text' }
      : { type: 'tool_call', id: asText(block['id']) ?? '', name, kind: kindOf(isCustom) };
  let json = '';
  return {
    start: () => [opening(head)],
    delta({ partial_json: piece }) {
      const added = asText(piece);
      json += added ?? '';
      // The free text is inside the JSON, so it is known only when the JSON is complete.
      return isCustom ? [] : words(added);
    },
    stop() {
      const whole = json === '' ? sourceText(block['input'] ?? {}) : json;
      if (isCustom) return [...words(asText(decodeCustomInput(whole))), CLOSING];
      return json === '' ? [...words(whole), CLOSING] : [CLOSING];
    },
  };
}

function kindOf(isCustom: boolean): 'custom' | 'function' {
  return isCustom ? 'custom' : 'function';
}
