import type { FormatId } from './operation.ts';
import type { Framing } from './stream-events.ts';

const PING = Buffer.from('event: ping\ndata: {"type":"ping"}\n\n');
const COMMENT = Buffer.from(': keepalive\n\n');
const NEWLINE = Buffer.from('\n');

/**
 * Bytes that keep a stream alive and that no client takes for content: Anthropic's `ping` event, a comment in
 * other event streams, white space in an array. A null format is a stream without an event yet.
 */
export function encodeHeartbeat(format: FormatId | null, framing: Framing): Buffer {
  if (framing === 'json-array') return NEWLINE;
  return format === 'anthropic-messages' ? PING : COMMENT;
}
