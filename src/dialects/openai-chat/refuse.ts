import type { GatewayError } from '../../core/gateway-error.ts';
import type { EncodeTarget } from '../dialect.ts';
import { unsupported } from '../losses.ts';

/** The 400 for what a chat completions server cannot be told. */
export function refuse(field: string, { model }: EncodeTarget): GatewayError {
  return unsupported(field, { model, dialect: 'openai-chat' });
}
