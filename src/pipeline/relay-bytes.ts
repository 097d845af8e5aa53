import { priceCall } from '../catalog/price-call.ts';
import type { BodySink } from '../upstream/fed-body.ts';
import { guardSink } from '../upstream/guard-sink.ts';
import { formatUsd } from '../usage/nano-usd.ts';
import { asGatewayError } from './as-gateway-error.ts';
import { estimateUsage } from './estimate-usage.ts';
import { type Exchange, settleExchange } from './exchange.ts';

/**
 * Relays an answer that is neither JSON nor events, such as speech: bytes as they arrive, the last of
 * them held back until the ledger has its line.
 */
export function relayBytes(exchange: Exchange): Promise<void> {
  const { call, endpoint, headers, response, settlement } = exchange;
  const { operation, reply } = call;
  const { catalog } = exchange.runtime;
  // Only the request tells what it used, so that the cost is known before the first byte (MON-7).
  const metered = estimateUsage(exchange, { answer: null });
  const { total } = priceCall({ catalog, endpoint, operation, usage: metered.usage });
  if (total !== null) headers['x-signalbox-cost-usd'] = formatUsd(total);
  return new Promise((resolve, reject) => {
    let last: Buffer | null = null;
    const fail = (error: Error) => {
      reject(error);
      // Once bytes have passed, the upstream took the request and bills it.
      if (!reply.hasStarted() || settlement.isClosed()) return;
      settleExchange(exchange, metered, asGatewayError(error).code);
    };
    const crash = (thrown: unknown) => {
      try {
        fail(asGatewayError(thrown));
      } catch {
        // To settle is what broke, and the call has been told.
      }
      response.body.abort();
    };
    const sink: BodySink = {
      onChunk(chunk) {
        if (!reply.hasStarted()) reply.start(response.status, headers);
        if (last !== null && !reply.write(last)) {
          response.body.pause();
          reply.onDrain(() => response.body.resume());
        }
        last = chunk;
      },
      onEnd() {
        const { written } = settleExchange(exchange, metered);
        const finish = () => {
          if (!reply.hasStarted()) reply.start(response.status, headers);
          if (last !== null) reply.write(last);
          reply.end();
          resolve();
        };
        if (written) written.then(finish, reject);
        else finish();
      },
      onError: fail,
    };
    response.body.read(guardSink(sink, crash));
  });
}
