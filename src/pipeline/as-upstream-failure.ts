import { GatewayError } from '../core/gateway-error.ts';

/** What reading or translating an upstream's answer threw, as the upstream's failure. */
export function asUpstreamFailure(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  return new GatewayError(
    'upstream_invalid_response',
    'The upstream’s answer is not what its API promises.',
    { cause: thrown },
  );
}
