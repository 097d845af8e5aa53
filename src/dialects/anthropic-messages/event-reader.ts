import type { AnswerSource } from '../dialect.ts';
import type { Finish, StreamPart } from '../ir/stream-part.ts';
import { asObject, asText, type JsonObject, mergeKnown } from '../json-object.ts';
import { readStreamError } from '../stream-reading.ts';
import {
  type BlockReader,
  readRedacted,
  readText,
  readThinking,
  readToolUse,
  SKIPPED,
} from './block-readers.ts';
import { agreedReason, decodeFinish } from './finish-reasons.ts';
import { createServerPairs } from './server-pairs.ts';
import { readMessageUsage } from './usage.ts';

/** Reads the events of one message into parts; the events of a whole message are made from it. */
export interface EventReader {
  read(event: JsonObject): StreamPart[];
  end(): StreamPart[];
}

const READERS: ReadonlyMap<unknown, (block: JsonObject, source: AnswerSource) => BlockReader> =
  new Map([
    ['text', readText],
    ['thinking', readThinking],
    ['redacted_thinking', readRedacted],
    ['tool_use', readToolUse],
  ]);

/** A reader for one message. */
export function createEventReader(source: AnswerSource): EventReader {
  const report: JsonObject = {};
  const pairs = createServerPairs();
  let open: BlockReader = SKIPPED;
  let finish: Finish | null = null;
  let hasToolCalls = false;
  let phase: 'waiting' | 'started' | 'closed' = 'waiting';

  const openBlock = (block: JsonObject): StreamPart[] => {
    const name = asText(block['name']);
    if (block['type'] === 'tool_use' && name !== source.jsonTool) hasToolCalls = true;
    open = READERS.get(block['type'])?.(block, source) ?? pairs.open(block) ?? SKIPPED;
    return open.start();
  };
  const closeBlock = (): StreamPart[] => {
    const parts = open.stop();
    open = SKIPPED;
    return parts;
  };
  const close = (): StreamPart[] => {
    if (finish === null || phase === 'closed') return [];
    phase = 'closed';
    const usage = readMessageUsage({ usage: report });
    const reason = agreedReason(finish.reason, hasToolCalls);
    return [
      ...closeBlock(),
      ...pairs.rest(),
      ...(usage === null ? [] : [{ type: 'usage' as const, usage, tier: neutralTier(usage.tier) }]),
      { type: 'finish', choice: 0, finish: { ...finish, reason } },
    ];
  };
  const start = (message: JsonObject): StreamPart[] => {
    mergeKnown(report, asObject(message['usage']));
    if (phase !== 'waiting') return [];
    phase = 'started';
    const { id, model } = message;
    return [{ type: 'start', id: asText(id), model: asText(model), createdAt: undefined }];
  };

  const readers: Readonly<Record<string, (event: JsonObject) => StreamPart[]>> = {
    message_start: ({ message }) => start(asObject(message)),
    content_block_start: (event) => [
      ...closeBlock(),
      ...openBlock(asObject(event['content_block'])),
    ],
    content_block_delta: ({ delta }) => open.delta(asObject(delta)),
    content_block_stop: closeBlock,
    message_delta: ({ delta, usage }) => {
      // The counts are cumulative: they replace those of the start.
      mergeKnown(report, asObject(usage));
      finish = decodeFinish(asObject(delta)) ?? finish;
      return [];
    },
    message_stop: close,
    ping: () => [{ type: 'ping' }],
  };
  return {
    read(event) {
      const { type, error } = event;
      if (error !== undefined && error !== null) {
        const { message, type: kind } = readStreamError(error);
        return [{ type: 'error', message, kind }];
      }
      const known = typeof type === 'string' && Object.hasOwn(readers, type);
      return (known ? readers[type]?.(event) : undefined) ?? [];
    },
    end: close,
  };
}

/** The tier that was billed, in neutral words. */
function neutralTier(tier: string | undefined): string | undefined {
  return tier === 'standard' ? 'default' : tier;
}
