// The life of one call, step by step. Whatever happens after authentication, the call settles: its
// line is on the ledger before the client sees the end of its answer.
import { resolveModel } from '../catalog/resolve-model.ts';
import { authenticate, checkGrant } from './authenticate.ts';
import type { Call } from './call.ts';
import { callEndpoints } from './call-endpoints.ts';
import { selectEndpoints } from './candidates.ts';
import { readRequest } from './read-request.ts';
import type { Runtime } from './runtime.ts';
import { asGatewayError, openSettlement } from './settle.ts';

/**
 * Answers one call. Throws a GatewayError for what the client must be told; the caller writes it in
 * the surface's shape unless the answer has begun.
 */
export async function handleCall(call: Call, runtime: Runtime): Promise<void> {
  const { catalog } = runtime;
  const apiKey = authenticate(catalog, call.credential, call.arrivedAt);
  const settlement = openSettlement(call, apiKey, runtime);
  try {
    const request = readRequest(call, await call.readBody());
    settlement.requested(request);
    const resolution = resolveModel(catalog, request.model);
    settlement.resolved(resolution);
    checkGrant(apiKey, resolution.model);
    const endpoints = selectEndpoints(resolution, call.operation);
    await callEndpoints({ call, request, resolution, settlement, runtime }, endpoints);
  } catch (thrown) {
    const error = asGatewayError(thrown);
    await settlement.close(error.status, error.code);
    throw error;
  }
}
