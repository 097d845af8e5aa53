import type { AnswerTarget } from '../dialect.ts';
import type { Citation, Signature } from '../ir/chat-request.ts';
import type { BlockHead } from '../ir/stream-part.ts';
import { asText, type JsonObject } from '../json-object.ts';
import { sourceText } from '../raw-json.ts';
import {
  carrierBlock,
  IMAGE_TEXT,
  type ToolCallHead,
  textBlock,
  thinkingBlock,
  toolUseBlock,
} from './answer-blocks.ts';
import type { BlockSink } from './block-sink.ts';
import { encodeCitation } from './citations.ts';
import { encodeServerTool } from './server-tools.ts';
import { shownReasoning } from './shown-reasoning.ts';
import { writeSignature } from './signatures.ts';

/** Writes one block of a streamed answer, part by part. */
export interface BlockWriter {
  delta(text: string): void;
  signature?(signature: Signature): void;
  citation?(citation: Citation): void;
  end(): void;
}

/** A writer for a block that begins. */
export function createBlockWriter(
  head: BlockHead,
  sink: BlockSink,
  target: AnswerTarget,
): BlockWriter {
  switch (head.type) {
    case 'text':
    case 'refusal':
      return createTextWriter(sink, shownReasoning(target.request).state);
    case 'reasoning':
      return createReasoningWriter(sink, target);
    case 'tool_call':
      return createToolCallWriter(head, sink, target);
    case 'server_tool':
      for (const block of encodeServerTool(head.block, target.mintId)) {
        writeServerBlock(block, sink);
      }
      return IDLE;
    case 'image':
      writeWholeText(IMAGE_TEXT, sink);
      return IDLE;
  }
}

const IDLE: BlockWriter = { delta: () => {}, end: () => {} };

function writeWholeText(text: string, sink: BlockSink): void {
  sink.start(textBlock(''));
  sink.delta({ type: 'text_delta', text });
  sink.stop();
}

/** A call's input is sent as deltas even if it is known; results are complete in their start event. */
function writeServerBlock(block: JsonObject, sink: BlockSink): void {
  const hasInput = block['input'] !== undefined;
  sink.start(hasInput ? { ...block, input: {} } : block);
  if (hasInput) {
    sink.delta({ type: 'input_json_delta', partial_json: sourceText(block['input']) });
  }
  sink.stop();
}

/** The API refuses empty text, so the block starts with its first text. */
function createTextWriter(sink: BlockSink, showsState: boolean): BlockWriter {
  let isOpen = false;
  let carried: Signature | null = null;
  return {
    delta(text) {
      if (!isOpen) sink.start(textBlock(''));
      isOpen = true;
      sink.delta({ type: 'text_delta', text });
    },
    signature(signature) {
      carried = signature;
    },
    citation(citation) {
      const encoded = encodeCitation(citation);
      if (isOpen && encoded !== null) sink.delta({ type: 'citations_delta', citation: encoded });
    },
    end() {
      if (isOpen) sink.stop();
      // The text has been sent, so the state that is bound to it can only follow.
      if (carried !== null && showsState) writeThinking(sink, carrierBlock(carried, 'prev'));
    },
  };
}

/** The signature may come late, so the block stays open until it is there. */
function createReasoningWriter(sink: BlockSink, { request }: AnswerTarget): BlockWriter {
  const shown = shownReasoning(request);
  let isOpen = false;
  let sealed = '';
  const open = () => {
    if (!isOpen) sink.start(thinkingBlock('', ''));
    isOpen = true;
  };
  return {
    delta(text) {
      if (!shown.text) return;
      open();
      sink.delta({ type: 'thinking_delta', thinking: text });
    },
    signature(signature) {
      if (shown.state) sealed = writeSignature(signature, signature.target);
    },
    end() {
      if (sealed !== '') open();
      if (!isOpen) return;
      sink.delta({ type: 'signature_delta', signature: sealed });
      sink.stop();
    },
  };
}

function writeThinking(sink: BlockSink, block: JsonObject): void {
  sink.start(thinkingBlock('', ''));
  sink.delta({ type: 'signature_delta', signature: asText(block['signature']) ?? '' });
  sink.stop();
}

/**
 * The state of a call precedes it, but arrives only after its arguments. Providers that sign calls send the
 * arguments in one piece, so a call is held until something follows its first piece, and no longer.
 */
function createToolCallWriter(
  head: ToolCallHead,
  sink: BlockSink,
  { request, mintId }: AnswerTarget,
): BlockWriter {
  const showsState = shownReasoning(request).state;
  const isCustom = head.kind === 'custom';
  let isOpen = false;
  let hasArguments = false;
  let held = '';
  let late: Signature | null = null;
  const write = (json: string) => {
    if (json !== '') sink.delta({ type: 'input_json_delta', partial_json: json });
  };
  const release = () => {
    if (!isOpen) {
      sink.start(toolUseBlock(head, {}, mintId));
      if (isCustom) write('{"input":"');
    }
    isOpen = true;
    write(isCustom ? escapeJson(held) : held);
    held = '';
  };
  return {
    delta(text) {
      if (held !== '') release();
      held = text;
      hasArguments ||= text.trim() !== '';
      if (isOpen) release();
    },
    signature(signature) {
      if (!showsState) return;
      if (isOpen) late = signature;
      else writeThinking(sink, carrierBlock(signature, 'next'));
    },
    end() {
      // A call without arguments still has an input.
      if (!hasArguments && !isCustom) held = '{}';
      release();
      if (isCustom) write('"}');
      sink.stop();
      if (late !== null) writeThinking(sink, carrierBlock(late, 'prev'));
    },
  };
}

function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
