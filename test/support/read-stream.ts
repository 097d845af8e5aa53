import { dataOf } from '../../src/dialects/data-span.ts';
import type { AnswerSource, DialectId } from '../../src/dialects/dialect.ts';
import { dialects } from '../../src/dialects/dialects.ts';
import type { ChatResponse } from '../../src/dialects/ir/chat-response.ts';
import { foldParts } from '../../src/dialects/ir/fold-parts.ts';
import type { StreamPart } from '../../src/dialects/ir/stream-part.ts';
import { asObject, asObjects } from '../../src/dialects/json-object.ts';
import { parseWire } from '../../src/dialects/raw-json.ts';
import { openSignature } from '../../src/dialects/reasoning-envelope.ts';
import { createEventSplitter, type Framing } from '../../src/dialects/stream-events.ts';

/** What an answer is read with: a client's tools have the names that they were given. */
export function sourceOf(family: string): AnswerSource {
  return { family, toolNames: new Map(), customTools: new Set() };
}

interface WireStream {
  dialect: DialectId;
  framing: Framing;
  /** As they came off the network. */
  chunks: readonly Buffer[];
}

/** Reads a stream of a dialect, wherever its bytes were cut. */
export function readStream(
  { dialect, framing, chunks }: WireStream,
  source: AnswerSource,
): StreamPart[] {
  const splitter = createEventSplitter(framing);
  const decoder = dialects[dialect].streamDecoder(source);
  const events = chunks.flatMap((chunk) => splitter.push(chunk));
  const { event } = splitter.end();
  return [
    ...[...events, ...(event ? [event] : [])]
      .map(dataOf)
      .filter((data) => data.length > 0)
      .flatMap((data) => decoder.push({ data })),
    ...decoder.end(),
  ];
}

/** Reads a whole answer of a dialect. */
export function readWhole(dialect: DialectId, body: Buffer, source: AnswerSource): StreamPart[] {
  return dialects[dialect].decodeResponse(parseWire(body), source);
}

/** What a client is told, as far as it does not depend on how the answer came. */
export function meaningOf(parts: readonly StreamPart[], { isOrdered }: { isOrdered: boolean }) {
  const { model, choices, usage } = foldParts(parts);
  return {
    model,
    choices: choices.map((choice) => ({
      ...meaningOfChoice(choice),
      ...(isOrdered && { order: orderOf(choice) }),
    })),
    tokens: usage?.tokens,
  };
}

type Choice = ChatResponse['choices'][number];

function meaningOfChoice({ blocks, finish }: Choice) {
  const said = (type: string) =>
    blocks.map(({ head, text }) => (head.type === type ? text : '')).join('');
  return {
    reason: finish.reason,
    stopSequence: finish.stopSequence,
    text: said('text'),
    reasoning: said('reasoning'),
    refusal: said('refusal'),
    calls: blocks.flatMap(({ head, text }) =>
      head.type === 'tool_call' ? [[head.name, readArguments(head.kind, text)]] : [],
    ),
    // In a stream a block may stand behind what it would stand before in a whole answer.
    states: blocks
      .flatMap(({ signature }) => (signature === undefined ? [] : statesIn(signature.value)))
      .sort(),
  };
}

/** White space in arguments is nobody's: some APIs have them as text, others as an object. */
function readArguments(kind: 'function' | 'custom', text: string): unknown {
  return kind === 'custom' ? text : JSON.parse(text || '{}');
}

/** The provider's own state, out of all that it was wrapped in on its way. */
function statesIn(value: string): string[] {
  const sealed = openSignature(value);
  if (sealed !== null) return statesIn(sealed.value);
  if (!/^[[{]/.test(value)) return [value];
  const parsed: unknown = JSON.parse(value);
  const items = Array.isArray(parsed) ? asObjects(parsed) : [asObject(parsed)];
  return items.flatMap(({ data, encrypted_content }) =>
    statesIn(String(data ?? encrypted_content)),
  );
}

/** What stands where; neighbours of a kind are one, and what only carries state stands nowhere. */
function orderOf({ blocks }: Choice): string[] {
  const kinds = blocks
    .filter(({ head, text }) => head.type === 'tool_call' || text !== '')
    .map(({ head }) => head.type);
  return kinds.filter((kind, index) => kind === 'tool_call' || kind !== kinds[index - 1]);
}
