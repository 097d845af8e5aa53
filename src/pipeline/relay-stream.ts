import { GatewayError } from '../core/gateway-error.ts';
import type { Framing } from '../dialects/stream-events.ts';
import type { BodySink } from '../upstream/fed-body.ts';
import { guardSink } from '../upstream/guard-sink.ts';
import { asGatewayError } from './as-gateway-error.ts';
import { type Exchange, keepReported, noteFirstToken, settleExchange } from './exchange.ts';
import { framingOf } from './framing.ts';
import { logFailure } from './log-failure.ts';
import { createOutlet, type Outlet } from './outlet.ts';
import { CHATS } from './serving.ts';
import type { Metered } from './settle.ts';
import { createStreamIntake, type Passage, type StreamIntake } from './stream-intake.ts';

/** Behind its terminal marker an upstream has so long to end its stream. */
const END_GRACE_MS = 1_000;

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

interface Outcome {
  resolve(): void;
  reject(error: Error): void;
}

function createRelay(exchange: Exchange, framing: Framing, outcome: Outcome): BodySink {
  const { response, settlement } = exchange;
  const intake = createStreamIntake(exchange, framing);
  const outlet = createOutlet(exchange, exchange.translation ? framingOf(exchange.call) : framing);
  const { isOver, settle, finish, fail, crash, endSoon } = createEnding(exchange, {
    intake,
    outlet,
    outcome,
  });
  const begin = createBeginning(exchange, outlet);

  const hasBegun = () => outlet.isCommitted() || (mayFlow(exchange) && intake.hasContent());
  /** A translated stream has no error event of its own: one is written here. */
  const passesErrors = () => hasBegun() && !exchange.translation;
  /** Passes on what a chunk completed; what ends the answer waits for the ledger. */
  const forward = ({ parts, ending }: Passage) => {
    const phase = intake.phase();
    // What has finished without a word may yet turn out to be no answer.
    if (phase === 'terminal' || intake.hasContent()) begin();
    outlet.write(parts);
    if (settlement.isClosed()) outlet.write(ending);
    else if (phase === 'finished') outlet.holdLast(ending);
    else if (phase === 'terminal')
      settle(intake.meter(false), intake.reported(), () => {
        outlet.write(ending);
        endSoon(relay);
      });
  };
  /** Passes on what came before a failure, if anything has flowed, and fails. */
  const breakOff = (passage: Passage, error: GatewayError) => {
    if (hasBegun()) begin();
    if (outlet.isCommitted()) outlet.write([...passage.parts, ...passage.ending]);
    fail(error);
    response.body.abort();
  };

  const sink: BodySink = {
    onChunk(chunk) {
      if (isOver()) return;
      const passage = intake.push(chunk);
      const error = intake.broken() ?? (passesErrors() ? null : intake.reported());
      if (error === null) forward(passage);
      else breakOff(passage, error);
    },
    onEnd() {
      if (isOver()) return;
      const { parts, complete } = intake.end();
      const broken = intake.broken();
      if (broken !== null) return breakOff({ parts, ending: [] }, broken);
      const error = intake.reported();
      const last = () => {
        outlet.write(parts);
        finish();
      };
      if (settlement.isClosed()) last();
      else if (error && !passesErrors()) fail(error);
      else if (error || complete) settle(intake.meter(!complete), error, last);
      else fail(cutEarly());
    },
    onError: (error) => fail(asGatewayError(error)),
  };
  const relay = guardSink(sink, crash);
  return relay;
}

interface Ends {
  intake: StreamIntake;
  outlet: Outlet;
  outcome: Outcome;
}

/** How a relay ends, once: as its stream does, by a failure, or because something broke in here. */
function createEnding(exchange: Exchange, { intake, outlet, outcome }: Ends) {
  const { response, settlement } = exchange;
  const { settle, giveUp, end } = createSettler(exchange, outlet, outcome);
  let over = false;
  let grace: NodeJS.Timeout | undefined;

  const finish = () => {
    over = true;
    clearTimeout(grace);
    end();
  };
  /** The answer is whole: an upstream that stays open keeps no client. */
  const endSoon = ({ onEnd }: BodySink) => {
    grace = setTimeout(() => {
      onEnd();
      response.body.abort();
    }, END_GRACE_MS).unref();
  };
  const fail = (error: GatewayError) => {
    if (over) return;
    if (settlement.isClosed()) return finish();
    if (!outlet.isCommitted() && error.code !== 'client_closed') {
      over = true;
      return giveUp(intake.meterUnseen(), error);
    }
    settle(intake.meter(true), error, () => {
      outlet.write([intake.encodeFailure(error)]);
      finish();
    });
  };
  /** What is settled can be told only by its connection, and so can what breaks once more (SEC-6). */
  const crash = (thrown: unknown) => {
    const error = asGatewayError(thrown);
    over ||= settlement.isClosed();
    try {
      fail(error);
    } catch {
      over = true;
    }
    if (over) outcome.reject(error);
    response.body.abort();
  };
  return { isOver: () => over, settle, finish, fail, crash, endSoon };
}

/** To be told that the first content is here, with it or later: what comes from then on flows. */
function createBeginning(exchange: Exchange, outlet: Outlet): () => void {
  let begun = false;
  return () => {
    if (begun) return;
    begun = true;
    noteFirstToken(exchange);
    if (mayFlow(exchange)) outlet.commit();
  };
}

/** False for a chat that did not ask for a stream: it is as well answered at the end, by another endpoint too. */
function mayFlow({ call, request }: Exchange): boolean {
  return request.stream || CHATS[call.operation] === undefined;
}

function cutEarly(): GatewayError {
  return new GatewayError('upstream_stream_cut', 'The upstream ended its stream early.');
}

/** Settles a relay and ends it; nothing overtakes what waits until the line is on the ledger. */
function createSettler(exchange: Exchange, outlet: Outlet, outcome: Outcome) {
  const { call, response, runtime } = exchange;
  const { body } = response;
  let waiting: Promise<void> | null = null;

  const end = () => {
    outlet.end();
    outcome.resolve();
  };
  return {
    settle(metered: Metered, error: GatewayError | null, then: () => void) {
      if (error) logFailure(runtime.logger, error, { requestId: call.requestId });
      const { written } = settleExchange(exchange, metered, error?.code);
      if (!written) return then();
      body.pause();
      waiting = written.then(then).finally(() => body.resume());
      waiting.catch(outcome.reject);
    },
    /** Another endpoint may answer: the client has seen nothing. */
    giveUp(unseen: Metered | null, error: GatewayError) {
      body.abort();
      keepReported(exchange, unseen);
      outcome.reject(error);
    },
    end() {
      if (waiting) waiting.then(end, outcome.reject);
      else end();
    },
  };
}
