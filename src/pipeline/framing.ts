import type { Framing } from '../dialects/stream-events.ts';
import type { Call } from './call.ts';

/** How the client wants its stream: only Google knows anything but events, where they are not asked for. */
export function framingOf({ operation, query }: Pick<Call, 'operation' | 'query'>): Framing {
  const isArray = operation === 'stream_generate_content' && !/[?&]alt=sse(&|$)/.test(query);
  return isArray ? 'json-array' : 'sse';
}

/** The content type of a stream. */
export function contentTypeOf(framing: Framing): string {
  return framing === 'sse' ? 'text/event-stream; charset=utf-8' : 'application/json';
}
