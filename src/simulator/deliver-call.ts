import type { ServerResponse } from 'node:http';
import type { TokenUsage } from '../core/token-usage.ts';
import type { SurfaceId } from '../dialects/operation.ts';
import type { Fault } from './fault.ts';
import type { PromptCache } from './prompt-cache.ts';
import type { PreparedCall } from './routes/handler.ts';
import type { RunningBill } from './running-bill.ts';
import { sendStream } from './send-stream.ts';
import { sendWhole } from './send-whole.ts';
import { encodeError, SimulatorError } from './simulator-error.ts';

/** What all requests to one simulator share. */
export interface Simulation {
  ttftMs: number;
  tokensPerSecond: number;
  /** The fixed answer; null = composed from the question. */
  reply: string | null;
  /** The fault of the next billed request, if any. */
  nextFault(): Fault | null;
  cache: PromptCache;
  bill: RunningBill;
}

/** Where an answer goes. */
export interface Receiver {
  surface: SurfaceId;
  response: ServerResponse;
  requestId: string;
  /** False on routes that cost nothing. */
  billed: boolean;
}

/** Tells that the failure is intended. */
const DEMANDED_FAILURE = 'This failure was asked for.';

/** Sends the answer to a call, or the requested failure; only answers are charged. */
export async function deliverCall(
  prepared: PreparedCall,
  receiver: Receiver,
  simulation: Simulation,
): Promise<void> {
  const { overrides, model } = prepared;
  const scheduled = receiver.billed ? simulation.nextFault() : null;
  const fault = overrides.fault ?? scheduled;
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'status') throw new SimulatorError(fault.status, DEMANDED_FAILURE);
  if (fault?.kind === 'error_in_200') return failIn200(prepared, receiver);

  const reply = prepared.reply();
  const delivery = {
    ttftMs: overrides.ttftMs ?? simulation.ttftMs,
    tokensPerSecond: overrides.tokensPerSecond ?? simulation.tokensPerSecond,
    truncate: fault?.kind === 'truncate',
    settle: (usage: TokenUsage) => {
      if (receiver.billed) simulation.bill.charge(model, usage);
    },
  };
  if (reply.kind === 'whole') await sendWhole(reply, receiver.response, delivery);
  else await sendStream(reply, receiver.response, delivery);
}

/** A stream begins with the dialect's error event; any other answer has an error as its body. */
function failIn200(prepared: PreparedCall, { surface, response, requestId }: Receiver): void {
  const error = new SimulatorError(503, DEMANDED_FAILURE);
  const reply = prepared.reply();
  const isStream = reply.kind === 'stream';
  response.writeHead(200, { 'content-type': isStream ? reply.contentType : 'application/json' });
  const body = JSON.stringify(encodeError(surface, error, requestId));
  response.end(isStream ? reply.errorWire(error, requestId) : body);
}
