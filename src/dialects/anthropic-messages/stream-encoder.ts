import type { AnswerTarget, StreamStep } from '../dialect.ts';
import type { Finish, StreamPart } from '../ir/stream-part.ts';
import type { JsonObject } from '../json-object.ts';
import { stringifyWire } from '../raw-json.ts';
import { createBlockSink, type EmitEvent } from './block-sink.ts';
import { type BlockWriter, createBlockWriter } from './block-writers.ts';
import { messageHead } from './encode-response.ts';
import { encodeUsage, estimatedUsage, estimateOutput } from './encode-usage.ts';
import { encodeFinish } from './finish-reasons.ts';

type BlockPart = Extract<
  StreamPart,
  { type: 'block_start' | 'delta' | 'signature' | 'citation' | 'block_end' }
>;

/** Writes a streamed answer as the events of a message. */
export function createStreamEncoder(target: AnswerTarget): StreamStep<StreamPart, string> {
  let events: string[] = [];
  const emit: EmitEvent = (type, members) => {
    events.push(`event: ${type}\ndata: ${stringifyWire({ type, ...members })}\n\n`);
  };
  const message = createMessageWriter(emit, target);
  const taken = () => {
    const written = events;
    events = [];
    return written;
  };
  return {
    push(part) {
      message.write(part);
      return taken();
    },
    end() {
      message.end();
      return taken();
    },
  };
}

/** Writes one message: started once, stopped once, and not stopped if the answer did not finish. */
function createMessageWriter(emit: EmitEvent, target: AnswerTarget) {
  let state: 'waiting' | 'open' | 'closed' = 'waiting';
  let finish: Finish | null = null;
  let usage: JsonObject | null = null;
  const blocks = createBlocksWriter(emit, target);

  const start = (head: { id: string | undefined; model: string | undefined }) => {
    if (state !== 'waiting') return;
    state = 'open';
    const message = messageHead(head, target);
    emit('message_start', {
      message: { ...message, usage: estimatedUsage(target.inputEstimate, 1) },
    });
  };
  const close = () => {
    if (finish === null || state !== 'open') return;
    state = 'closed';
    emit('message_delta', {
      delta: { ...encodeFinish(finish, blocks.hasToolCalls()), container: null },
      usage: usage ?? estimatedUsage(target.inputEstimate, blocks.outputEstimate()),
    });
    emit('message_stop', {});
  };
  const writeContent = (part: Exclude<StreamPart, { type: 'start' | 'ping' | 'error' }>) => {
    start({ id: undefined, model: undefined });
    if (part.type === 'usage') usage = encodeUsage(part.usage, part.tier);
    else if (part.choice !== 0) return;
    else if (part.type === 'finish') finish = part.finish;
    else blocks.write(part);
    // Usage may also come after the finish; then the message stays open until the end of the stream.
    if (usage !== null) close();
  };
  const write = (part: StreamPart) => {
    if (part.type === 'error') state = 'closed';
    if (state === 'closed' || part.type === 'error') return;
    if (part.type === 'start') start(part);
    else if (part.type !== 'ping') writeContent(part);
    else if (state === 'open') emit('ping', {});
  };
  return { write, end: close };
}

function createBlocksWriter(emit: EmitEvent, target: AnswerTarget) {
  const sink = createBlockSink(emit);
  let writer: BlockWriter | null = null;
  let hasToolCalls = false;
  const texts: string[] = [];

  const write = (part: BlockPart) => {
    switch (part.type) {
      case 'block_start':
        writer?.end();
        hasToolCalls ||= part.block.type === 'tool_call';
        writer = createBlockWriter(part.block, sink, target);
        return;
      case 'delta':
        if (part.text === '') return;
        texts.push(part.text);
        return writer?.delta(part.text);
      case 'signature':
        return writer?.signature?.(part.signature);
      case 'citation':
        return writer?.citation?.(part.citation);
      case 'block_end':
        writer?.end();
        writer = null;
        return;
    }
  };
  return {
    write,
    hasToolCalls: () => hasToolCalls,
    outputEstimate: () => estimateOutput(texts),
  };
}
