import type { ServerResponse } from 'node:http';
import { systemClock } from '../core/clock.ts';
import { tokensOfBytes } from './count-tokens.ts';
import { type Delivery, msForTokens, pause, writeToReader } from './delivery.ts';
import type { Frame } from './frame.ts';
import type { StreamReply } from './routes/handler.ts';

/** Events are written together up to this many characters, so that a fast stream needs few writes. */
const MAX_BATCH = 16 * 1024;

/** Events that are due within this time of each other are written together. */
const MIN_PAUSE_MS = 10;

/**
 * Sends a stream: the events before the content at once, the content after the delay and at its speed. Waits
 * for a slow reader, stops when the client goes away, and charges what was sent.
 */
export async function sendStream(
  reply: StreamReply,
  response: ServerResponse,
  delivery: Delivery,
): Promise<void> {
  const lastByte = delivery.truncate ? reply.contentBytes / 2 : Number.POSITIVE_INFINITY;
  const msUntilDue = createPace(delivery);
  const sent = { output: 0, reasoning: 0 };
  let isCut = false;
  let batch = '';
  response.writeHead(200, { 'content-type': reply.contentType, 'cache-control': 'no-cache' });
  for (const frame of reply.frames) {
    const ms = msUntilDue(frame);
    if (ms > 0 || batch.length > MAX_BATCH) {
      await writeToReader(batch, response);
      batch = '';
      await pause(ms, response);
    }
    // An event that would pass the half is not sent: clients see only whole events, and no end.
    isCut = sent.output + sent.reasoning + frame.output + frame.reasoning > lastByte;
    if (isCut || response.destroyed) break;
    batch += frame.wire;
    sent.output += frame.output;
    sent.reasoning += frame.reasoning;
  }
  delivery.settle(reply.usageOf(sent));
  if (isCut) response.write(batch, () => response.destroy());
  else response.end(batch);
}

/** Returns a function that gives the wait of each frame in milliseconds; short waits are accumulated. */
function createPace({ ttftMs, tokensPerSecond }: Delivery): (frame: Frame) => number {
  let startedAt: number | null = null;
  let bytes = 0;
  return ({ output, reasoning }) => {
    const bytesBefore = bytes;
    bytes += output + reasoning;
    if (bytes === bytesBefore) return 0;
    // An event is due when the content before it has taken its time; the first one only waits for the time to
    // the first token.
    if (startedAt === null) {
      startedAt = systemClock.monotonicMs() + ttftMs;
      return ttftMs;
    }
    if (tokensPerSecond === 0) return 0;
    const dueAt = startedAt + msForTokens(tokensOfBytes(bytesBefore), tokensPerSecond);
    const ms = dueAt - systemClock.monotonicMs();
    return ms < MIN_PAUSE_MS ? 0 : ms;
  };
}
