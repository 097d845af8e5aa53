import type { JsonObject } from '../json-object.ts';
import { createOpenAiEventTap } from '../openai-event-tap.ts';
import { findMember, readMember, scanJson, scanObject } from '../scan-json.ts';
import { readStreamError } from '../stream-reading.ts';
import type { StreamReading, StreamTap } from '../wire-format.ts';
import { readResponsesUsage, responsesUsageMembers } from './usage.ts';

/** Reads a stream of Responses API events. */
export function createResponsesTap(): StreamTap {
  return createOpenAiEventTap({
    types: ['response.completed', 'response.incomplete', 'response.failed'],
    read: readEnd,
  });
}

function readEnd(data: Buffer, type: string): Partial<StreamReading> {
  const response = sliceResponse(data);
  const { usage: providerUsage } = response;
  const reading = { usage: readResponsesUsage(response), providerUsage };
  if (type !== 'response.failed') return reading;
  return { ...reading, finished: false, error: readStreamError(response['error']) };
}

/** The few members that are needed: the response also repeats the whole answer, instructions and tools. */
function sliceResponse(data: Buffer): JsonObject {
  try {
    const response = findMember(scanJson(data), 'response');
    if (response === undefined) return {};
    const members = scanObject(data, response.value.start);
    const names = [...responsesUsageMembers, 'error'];
    return Object.fromEntries(names.map((name) => [name, readMember(data, members, name)]));
  } catch {
    return {};
  }
}
