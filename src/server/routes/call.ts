import { GatewayError } from '../../core/gateway-error.ts';
import { handleCall } from '../../pipeline/handle-call.ts';
import type { CallRoute, SurfaceId } from '../../surfaces/surface.ts';
import { withoutCredential } from '../credential.ts';
import { presentedKey } from '../presented-key.ts';
import { readBody } from '../read-body.ts';
import { createReply } from '../reply.ts';
import type { Visit } from '../visit.ts';
import { watchClient } from '../watch-client.ts';

/** Answers an LLM request, unless no call can be taken at this moment. */
export function answerCall(
  visit: Visit,
  surface: SurfaceId,
  { operation, pathModel }: CallRoute,
): Promise<void> {
  const { request, response, runtime, settings, departure } = visit;
  if (visit.health().draining) {
    const headers = { connection: 'close' };
    throw new GatewayError('shutting_down', 'Signalbox is shutting down; try again.', { headers });
  }
  watchClient(request, response, departure);
  const arrivedAt = runtime.clock.now();
  const startedMs = runtime.clock.monotonicMs();
  if (runtime.ledger.refuses()) {
    throw new GatewayError(
      'ledger_unavailable',
      'The usage ledger cannot be written, and `usage.durability: disk` forbids calls without it.',
    );
  }
  return handleCall(
    {
      requestId: visit.requestId,
      arrivedAt,
      startedMs,
      surface,
      operation,
      pathModel,
      headers: request.headers,
      query: withoutCredential(visit.search),
      presentedKey: presentedKey(surface, request, visit.query),
      clientIp: settings.clientIp(request),
      departure,
      readBody: (judge) => readBody(visit, judge),
      reply: createReply(response, departure),
    },
    runtime,
  );
}
