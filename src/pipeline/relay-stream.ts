import { GatewayError } from '../core/gateway-error.ts';
import type { Framing } from '../dialects/stream-events.ts';
import { asUpstreamFailure } from './as-upstream-failure.ts';
import { type Exchange, noteFirstToken, settleExchange } from './exchange.ts';
import { framingOf } from './framing.ts';
import { createOutlet, type Outlet } from './outlet.ts';
import { asGatewayError, type Metered } from './settle.ts';
import { createStreamIntake } from './stream-intake.ts';

/**
 * Relays a stream as it arrives, whole events at a time and every byte of them unchanged unless the
 * exchange's edits say otherwise. The client sees nothing before the first content: until then a
 * failure rejects, and another endpoint can answer. After that a failure ends the stream with an
 * error in its own protocol (FAI-2, FAI-6).
 */
export function relayStream(exchange: Exchange, framing: Framing): Promise<void> {
  return new Promise((resolve, reject) => {
    const { body } = exchange.response;
    const relay = createRelay(exchange, framing, { resolve, reject });
    body.read(relay);
  });
}

interface Ending {
  resolve(): void;
  reject(error: Error): void;
}

function createRelay(exchange: Exchange, framing: Framing, ending: Ending) {
  const { response, settlement } = exchange;
  const intake = createStreamIntake(exchange, framing);
  const outlet = createOutlet(exchange, exchange.translation ? framingOf(exchange.call) : framing);
  const { settle, end } = createSettler(exchange, outlet, ending);
  let over = false;

  const finish = () => {
    over = true;
    end();
  };
  const fail = (error: GatewayError) => {
    if (over) return;
    if (settlement.isClosed()) return finish();
    if (!outlet.isCommitted() && error.code !== 'client_closed') {
      over = true;
      response.body.abort();
      return ending.reject(error);
    }
    settle(intake.meter(true), error, () => {
      outlet.write([intake.encodeFailure(error)]);
      finish();
    });
  };

  const giveUp = (error: GatewayError) => {
    fail(error);
    response.body.abort();
  };
  /** Passes on what a chunk completed; the part that ends the answer waits for the ledger. */
  const forward = (parts: Buffer[]) => {
    const phase = intake.phase();
    if (phase !== 'starting') {
      noteFirstToken(exchange);
      outlet.commit();
    }
    if (settlement.isClosed()) outlet.write(parts);
    else if (phase === 'finished') outlet.holdLast(parts);
    else if (phase !== 'terminal') outlet.write(parts);
    else settle(intake.meter(false), intake.failure(), () => outlet.write(parts));
  };

  return {
    onChunk(chunk: Buffer) {
      if (over) return;
      const parts = tryRead(() => intake.push(chunk), giveUp);
      if (parts === null) return;
      const error = intake.failure();
      // A translated stream has no error event of its own: one is written here.
      if (error && (!outlet.isCommitted() || exchange.translation)) fail(error);
      else forward(parts);
    },
    onEnd() {
      if (over) return;
      const ended = tryRead(intake.end, giveUp);
      if (ended === null) return;
      const { parts, complete } = ended;
      const error = intake.failure();
      const last = () => {
        outlet.write(parts);
        finish();
      };
      if (settlement.isClosed()) last();
      else if (complete || (error && outlet.isCommitted() && !exchange.translation))
        settle(intake.meter(!complete), error, last);
      else
        fail(
          error ?? new GatewayError('upstream_stream_cut', 'The upstream ended its stream early.'),
        );
    },
    onError: (error: Error) => fail(asGatewayError(error)),
  };
}

/** What the step reads; null where the stream cannot be read on, as `giveUp` is told then. */
function tryRead<Result>(step: () => Result, giveUp: (error: GatewayError) => void): Result | null {
  try {
    return step();
  } catch (thrown) {
    giveUp(asUpstreamFailure(thrown));
    return null;
  }
}

/** Settles a relay and ends it; nothing overtakes what waits until the ledger has its line on the disk. */
function createSettler(exchange: Exchange, outlet: Outlet, ending: Ending) {
  const { body } = exchange.response;
  let waiting: Promise<void> | null = null;

  const end = () => {
    outlet.end();
    ending.resolve();
  };
  return {
    settle(metered: Metered, error: GatewayError | null, then: () => void) {
      const { written } = settleExchange(exchange, metered, error?.code);
      if (!written) return then();
      body.pause();
      waiting = written.then(then).finally(() => body.resume());
      waiting.catch(ending.reject);
    },
    end() {
      if (waiting) waiting.then(end, ending.reject);
      else end();
    },
  };
}
