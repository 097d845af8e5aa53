import type { AnswerTarget } from '../dialect.ts';
import type { ServerToolBlock, Signature } from '../ir/chat-request.ts';
import type { BlockHead, Finish, StreamPart } from '../ir/stream-part.ts';
import { encodeFinish } from './finish-reasons.ts';
import type { OutputItems } from './output-items.ts';
import { writeServerTool } from './server-tool-items.ts';
import { openCall } from './write-call.ts';
import { type OpenMessage, type OpenPart, openMessage } from './write-message.ts';
import { addState, openReasoning } from './write-reasoning.ts';

/** Writes the blocks of an answer as items of an output. */
export interface OutputWriter {
  push(part: StreamPart): void;
  /** Ends the open block and message, so that every item is done. */
  finish(finish: Finish): void;
}

/** The block that is being written. */
interface OpenBlock extends Partial<OpenPart> {
  append(text: string, logprobs?: unknown[]): void;
  sign(signature: Signature): void;
  end(): void;
}

/** Facts and functions that a new block needs. */
interface Place {
  items: OutputItems;
  target: AnswerTarget;
  /** The message that holds texts and refusals until an item of another kind comes. */
  message(): OpenMessage;
  closeMessage(): void;
}

/** A writer of the answer's blocks. */
export function createOutputWriter(items: OutputItems, target: AnswerTarget): OutputWriter {
  let message: OpenMessage | undefined;
  let block: OpenBlock | undefined;
  let hasRefused = false;

  const close = (status: 'completed' | 'incomplete'): void => {
    message?.close(status);
    message = undefined;
  };
  const place: Place = {
    items,
    target,
    message() {
      message ??= openMessage(items);
      return message;
    },
    closeMessage: () => close('completed'),
  };
  const open = (head: BlockHead): void => {
    block?.end();
    hasRefused ||= head.type === 'refusal';
    if (head.type !== 'text' && head.type !== 'refusal') close('completed');
    block = openBlock(place, head);
  };
  const end = (): void => {
    block?.end();
    block = undefined;
  };

  return {
    push(part) {
      if (part.type === 'block_start') open(part.block);
      if (part.type === 'delta') block?.append(part.text, part.logprobs);
      if (part.type === 'signature') block?.sign(part.signature);
      if (part.type === 'citation') block?.cite?.(part.citation);
      if (part.type === 'block_end') end();
    },
    finish({ reason, detail }) {
      if (reason === 'refusal' && !hasRefused) {
        open({ type: 'refusal' });
        if (detail) block?.append(detail);
      }
      // Clients look for a message, even an empty one.
      if (items.output.length === 0) open({ type: 'text' });
      end();
      close(encodeFinish({ reason }).status === 'incomplete' ? 'incomplete' : 'completed');
    },
  };
}

function openBlock(place: Place, head: BlockHead): OpenBlock {
  switch (head.type) {
    case 'text':
      return partBlock(place, place.message().openText());
    case 'refusal':
      return partBlock(place, place.message().openRefusal());
    case 'reasoning':
      return reasoningBlock(place, head.kind);
    case 'tool_call':
      return openCall(
        place.items,
        { ...head, id: head.id === '' ? `call_${place.target.mintId()}` : head.id },
        place.target.request.tools,
      );
    case 'server_tool':
      addServerTool(place.items, head.block);
      return WRITTEN;
    case 'image':
      addImage(place.items, head.base64);
      return WRITTEN;
  }
}

/** The writer of a block that was complete in its head. */
const WRITTEN: OpenBlock = { append: () => {}, sign: () => {}, end: () => {} };

/** State of a text goes into an item behind its message. */
function partBlock(place: Place, part: OpenPart): OpenBlock {
  let state: Signature | undefined;
  return {
    append: part.append,
    cite: part.cite,
    sign(signature) {
      state = { ...signature, target: 'prev' };
    },
    end() {
      part.end();
      if (state === undefined) return;
      place.closeMessage();
      addState(place.items, state);
    },
  };
}

/** A summary is shown only if the client asked for one; its state is always kept. */
function reasoningBlock({ items, target }: Place, kind: 'summary' | 'raw' | 'redacted'): OpenBlock {
  const exposed = target.request.reasoning?.expose ?? 'none';
  const isShown = kind === 'raw' || exposed !== 'none';
  const item = openReasoning(items, kind);
  let state: Signature | undefined;
  return {
    append(text) {
      if (isShown) item.append(text);
    },
    sign(signature) {
      state = signature;
    },
    end: () => item.end(state),
  };
}

function addServerTool(items: OutputItems, block: ServerToolBlock): void {
  const written = writeServerTool(block);
  if (written === null) return;
  const item = items.add(written.type, { status: 'in_progress', ...written.fields });
  for (const step of written.steps) item.say(`response.${written.type}.${step}`, {});
  item.done({ status: 'completed' });
}

function addImage(items: OutputItems, base64: string): void {
  const item = items.add('image_generation_call', { status: 'in_progress', result: null });
  for (const step of ['in_progress', 'generating', 'completed']) {
    item.say(`response.image_generation_call.${step}`, {});
  }
  item.done({ status: 'completed', result: base64 });
}
