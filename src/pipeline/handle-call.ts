// The life of one call, step by step. Whatever happens after authentication, the call settles: its
// line is on the ledger before the client sees the end of its answer.
import type { Model } from '../catalog/catalog.ts';
import { type Resolution, resolveModel } from '../catalog/resolve-model.ts';
import { admit, admitArrival, checkPriced } from './admit.ts';
import { asGatewayError } from './as-gateway-error.ts';
import { authenticate, checkGrant } from './authenticate.ts';
import type { Call } from './call.ts';
import { callEndpoints } from './call-endpoints.ts';
import { profileOf } from './candidates.ts';
import { checkCapabilities } from './check-capabilities.ts';
import { createClientStream } from './client-stream.ts';
import { countHere, isCountedHere } from './count-tokens.ts';
import { planAttempts } from './plan.ts';
import { readPreferences } from './provider-preferences.ts';
import { readRequest } from './read-request.ts';
import { estimateSize } from './request-size.ts';
import { addRouteHeaders } from './route-headers.ts';
import type { Runtime } from './runtime.ts';
import { openSettlement } from './settle.ts';

/**
 * Answers one call. Throws a GatewayError for what the client must be told; the caller writes it in
 * the surface's shape unless the answer has begun.
 */
export async function handleCall(call: Call, runtime: Runtime): Promise<void> {
  const { catalog, routingSettings } = runtime;
  const { operation } = call;
  const apiKey = authenticate(catalog, call.presentedKey, call.arrivedAt);
  const settlement = openSettlement(call, apiKey, runtime);
  try {
    const judgeBody = admitArrival(call, apiKey, runtime);
    const body = await call.readBody(judgeBody);
    const request = readRequest(call, body);
    settlement.requested(request);
    const resolution = resolveModel(catalog, request.model);
    settlement.resolved(resolution, resolution.profile);
    logResolution(resolution, runtime);
    const checkModel = (model: Model) => {
      checkGrant(apiKey, model);
      checkCapabilities(request, model, routingSettings.enforce_capabilities);
      checkPriced(apiKey, model, operation);
    };
    checkModel(resolution.model);
    const preferences = readPreferences(request, resolution.model);
    const profile = profileOf(resolution, preferences);
    const size = estimateSize(request, operation, routingSettings.expected_output_tokens);
    const applicant = { call, apiKey, request, resolution, profile, operation, size, preferences };
    // Here as elsewhere: most answers are there at once, and an await would still cost each call a turn.
    const admitted = admit(applicant, runtime);
    const holds = admitted instanceof Promise ? await admitted : admitted;
    settlement.held(holds);
    if (isCountedHere(resolution.model, operation)) {
      return await countHere({ call, preferences, request, settlement, resolution, runtime });
    }
    const plan = planAttempts(applicant, checkModel, runtime);
    const stream = createClientStream(call, { isAsked: request.stream, settings: routingSettings });
    await callEndpoints({ call, request, preferences, settlement, holds, stream, runtime }, plan);
  } catch (thrown) {
    const error = asGatewayError(thrown);
    await settlement.close(error.status, error.code);
    addRouteHeaders(error.headers, settlement.route());
    throw error;
  }
}

function logResolution(resolution: Resolution, { logger }: Runtime): void {
  if (!logger.isLevelEnabled('debug')) return;
  const { requested, alias, model, profile } = resolution;
  if (alias !== null) logger.debug({ alias, resolved: model.name }, 'Resolved model alias');
  logger.debug({ requested, model: model.name, profile }, 'Resolved model');
}
