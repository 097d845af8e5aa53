import { GatewayError } from '../../core/gateway-error.ts';
import type { Finish } from '../ir/stream-part.ts';

/** True for an ending behind which nothing need have been said. */
export function explainsSilence({ reason }: Finish): boolean {
  return reason !== 'other' && reason !== 'malformed';
}

/** The 502 for an answer that is empty for no reason. */
export function emptyAnswer(): GatewayError {
  return new GatewayError('upstream_error', 'The upstream gave an empty answer.');
}
