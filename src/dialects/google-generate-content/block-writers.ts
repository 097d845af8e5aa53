import type { Signature } from '../ir/chat-request.ts';
import type { BlockHead } from '../ir/stream-part.ts';
import type { JsonObject } from '../json-object.ts';
import { encodeCustomInput, encodeToolInput } from '../tool-input.ts';
import { encodeServerParts } from './server-parts.ts';
import { writeSignature } from './signatures.ts';

/** Writes one block of an answer; each step returns the parts that may be sent. */
export interface BlockWriter {
  append(text: string): JsonObject[];
  sign(signature: Signature): JsonObject[];
  close(): JsonObject[];
}

/** Carries the state of thoughts that are not shown to the next part. */
export interface Carrier {
  hold(signature: Signature): JsonObject[];
  /**
   * The part with the held state; if the part already has state, an empty part with the held one comes before
   * it.
   */
  load(part: JsonObject): JsonObject[];
}

/** A carrier for one candidate. */
export function createCarrier(): Carrier {
  let held: Signature | undefined;
  const take = (): JsonObject => {
    const carried = held === undefined ? {} : slot(held, 'next');
    held = undefined;
    return carried;
  };
  return {
    hold(signature) {
      const waiting = held === undefined ? [] : [{ text: '', ...take() }];
      held = signature;
      return waiting;
    },
    load(part) {
      if (held === undefined) return [part];
      const isTaken = part['thoughtSignature'] !== undefined;
      return isTaken ? [{ text: '', ...take() }, part] : [{ ...part, ...take() }];
    },
  };
}

/** State that the blocks of one candidate share. */
interface BlockPlace {
  carrier: Carrier;
  showsThoughts: boolean;
}

/** A writer for the block that begins. */
export function createBlockWriter(head: BlockHead, place: BlockPlace): BlockWriter {
  switch (head.type) {
    case 'text':
    case 'refusal':
      return textWriter(place.carrier);
    case 'reasoning':
      return place.showsThoughts ? THOUGHT_WRITER : hiddenThoughtWriter(place.carrier);
    case 'tool_call':
      return callWriter(head, place.carrier);
    case 'image':
      return wholeWriter([{ inlineData: { mimeType: head.mime, data: head.base64 } }]);
    case 'server_tool':
      return wholeWriter(encodeServerParts(head.block));
  }
}

function textWriter(carrier: Carrier): BlockWriter {
  return {
    append: (text) => (text === '' ? [] : carrier.load({ text })),
    sign: (signature) => [{ text: '', ...slot(signature, 'prev') }],
    close: () => [],
  };
}

const THOUGHT_WRITER: BlockWriter = {
  append: (text) => (text === '' ? [] : [{ text, thought: true }]),
  sign: (signature) => [{ text: '', thought: true, ...slot(signature, 'self') }],
  close: () => [],
};

function hiddenThoughtWriter(carrier: Carrier): BlockWriter {
  return { append: () => [], sign: (signature) => carrier.hold(signature), close: () => [] };
}

/** Arguments are an object in this API, so a call is one part, written when it is complete. */
function callWriter(
  { id, name, kind }: Extract<BlockHead, { type: 'tool_call' }>,
  carrier: Carrier,
): BlockWriter {
  let text = '';
  let state: JsonObject = {};
  return {
    append(added) {
      text += added;
      return [];
    },
    sign(signature) {
      state = slot(signature, 'self');
      return [];
    },
    close() {
      const args = kind === 'custom' ? encodeCustomInput(text) : encodeToolInput(text).input;
      // Only an id of the upstream's is sent: clients of this API can do without one.
      return carrier.load({ functionCall: { ...(id !== '' && { id }), name, args }, ...state });
    },
  };
}

function wholeWriter(parts: JsonObject[]): BlockWriter {
  return { append: () => [], sign: () => [], close: () => parts };
}

function slot(signature: Signature, target: Signature['target']): JsonObject {
  return { thoughtSignature: writeSignature(signature, target) };
}
