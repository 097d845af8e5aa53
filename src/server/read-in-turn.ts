import { GatewayError } from '../core/gateway-error.ts';
import type { Visit } from './visit.ts';

let last: Promise<unknown> = Promise.resolve();

/**
 * Reads the ledger for a visitor when those who came before are served: one reading at a time, whoever
 * asks, so that calls keep most of the processor. For who has gone meanwhile nothing is read.
 */
export function readInTurn<Result>(
  { response }: Pick<Visit, 'response'>,
  read: () => Promise<Result>,
): Promise<Result> {
  const readUnlessGone = () => {
    if (response.destroyed) throw new GatewayError('client_closed', 'The client has gone.');
    return read();
  };
  const answer = last.then(readUnlessGone, readUnlessGone);
  last = answer;
  return answer;
}
