import { GatewayError } from '../core/gateway-error.ts';
import { definePolicy } from './policy.ts';
import { describeScope, settingPath } from './scope.ts';

/** POL-3: how large a body may be; judged by its announced length, and again as it comes in. */
export const payloadSize = definePolicy({
  key: 'payload',
  place: 'policies',
  about: 'How large a request may be.',
  shape: ({ byteSize }) => ({
    max_size: byteSize.optional().describe('Size of a request body.'),
  }),
  compile({ max_size: maxBytes }, { scope }) {
    if (maxBytes === undefined) return [];
    const refusal = () =>
      new GatewayError(
        'payload_too_large',
        `The body is larger than the ${maxBytes} bytes that ${describeScope(scope)} may send (\`${settingPath(scope, 'policies.payload.max_size')}\`).`,
        { limit: { scope: scope.kind, metric: 'payload.max_size', max: maxBytes } },
      );
    return [
      {
        kind: 'check',
        stage: 'body',
        judge: ({ bodyBytes }) => (bodyBytes > maxBytes ? refusal() : null),
      },
    ];
  },
});
