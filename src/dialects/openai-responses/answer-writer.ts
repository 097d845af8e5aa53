import type { TokenUsage } from '../../core/token-usage.ts';
import type { AnswerTarget } from '../dialect.ts';
import type { Finish, StreamPart } from '../ir/stream-part.ts';
import type { JsonObject } from '../json-object.ts';
import { encodeResponsesUsage } from './encode-usage.ts';
import { encodeFinish } from './finish-reasons.ts';
import { createOutputItems, type OutputEvent } from './output-items.ts';
import { createOutputWriter } from './output-writer.ts';
import { createEnvelope } from './response-envelope.ts';

/** Writes one answer as the events of a response; a whole answer is the response in the last event. */
export interface AnswerWriter {
  push(part: StreamPart): OutputEvent[];
  /** The terminal event, if the answer has ended and the event was not written yet. */
  end(): OutputEvent[];
}

/** A writer for one answer. Of several choices only the first is written. */
export function createAnswerWriter(target: AnswerTarget): AnswerWriter {
  const items = createOutputItems(target.mintId);
  const writer = createOutputWriter(items, target);
  let envelope: JsonObject | undefined;
  let finish: Finish | undefined;
  let usage: TokenUsage | undefined;
  let isOver = false;

  const open = (part?: Extract<StreamPart, { type: 'start' }>): OutputEvent[] => {
    if (envelope !== undefined) return [];
    envelope = createEnvelope(part, target);
    const response = { ...envelope, ...IN_PROGRESS };
    return ['response.created', 'response.in_progress'].map((type) => ({ type, response }));
  };

  const close = (): OutputEvent[] => {
    if (isOver || finish === undefined) return items.take();
    isOver = true;
    writer.finish(finish);
    const { type, ...ending } = encodeFinish(finish);
    const completed_at = ending.status === 'completed' ? target.nowSeconds : null;
    const response = {
      ...envelope,
      ...ending,
      completed_at,
      output: items.output,
      ...meterOf(usage, target),
    };
    return [...items.take(), { type, response }];
  };

  return {
    push(part) {
      if (isOver || part.type === 'ping' || part.type === 'error') return [];
      const opening = open(part.type === 'start' ? part : undefined);
      if ('choice' in part && part.choice !== 0) return opening;
      if (part.type === 'usage') usage = part.usage;
      else if (part.type === 'finish') finish = part.finish;
      else writer.push(part);
      // Usage may come before or after the finish: whichever is second closes the response.
      return [...opening, ...(usage === undefined ? items.take() : close())];
    },
    end: close,
  };
}

/** Members of a response that is still in progress. */
const IN_PROGRESS = {
  status: 'in_progress',
  completed_at: null,
  error: null,
  incomplete_details: null,
  output: [],
  usage: null,
};

/** The usage of the answer, and the tier that it was billed at. */
function meterOf(usage: TokenUsage | undefined, { body }: AnswerTarget): JsonObject {
  const tier = usage?.tier === 'standard' ? 'default' : usage?.tier;
  return {
    usage: encodeResponsesUsage(usage),
    service_tier: tier ?? body['service_tier'] ?? 'default',
  };
}
