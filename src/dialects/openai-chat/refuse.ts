import type { GatewayError } from '../../core/gateway-error.ts';
import type { EncodeTarget } from '../dialect.ts';

/** The 400 for what a chat completions server cannot be told. */
export function refuse(field: string, { losses }: EncodeTarget): GatewayError {
  return losses.refuse(field);
}
