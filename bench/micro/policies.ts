import { priceCall } from '../../src/catalog/price-call.ts';
import { resolveModel } from '../../src/catalog/resolve-model.ts';
import { formats } from '../../src/dialects/index.ts';
import { type Applicant, admit, admitArrival } from '../../src/pipeline/admit.ts';
import { authenticate } from '../../src/pipeline/authenticate.ts';
import type { CallHolds } from '../../src/pipeline/call-holds.ts';
import { readRequest } from '../../src/pipeline/read-request.ts';
import { estimateSize } from '../../src/pipeline/request-size.ts';
import type { Runtime } from '../../src/pipeline/runtime.ts';
import { USAGE } from '../chat-answer.ts';
import { chatBody } from '../chat-body.ts';
import { requestedModel } from '../signalbox-config.ts';
import { createBenchCall, createBenchRuntime, presentedKey } from './bench-runtime.ts';
import type { PieceGroup } from './piece.ts';

/** What limits and money add to a call with limits in five scopes: see `signalboxConfig`. */
export async function createPolicyGroup(): Promise<PieceGroup> {
  const runtime = await createBenchRuntime();
  const applicant = createApplicant(runtime);
  const usage = formats['openai-chat'].readUsage({ usage: USAGE });
  if (usage === null) throw new Error('The usage of the benchmark is not read');
  const used = { requests: 1, tokensIn: 212, tokensOut: 96 } as const;
  const [endpoint] = applicant.resolution.model.endpoints;
  if (endpoint === undefined) throw new Error('The model of the benchmark has no endpoint');
  const price = () =>
    priceCall({ catalog: runtime.catalog, endpoint, operation: 'chat', usage }).total ?? 0n;
  const enter = (holds: CallHolds) => holds.enter({ endpoint, model: applicant.resolution.model });
  return {
    name: 'policies',
    title: 'Limits and money of a call with limits in five scopes',
    pieces: [
      { label: 'price of its usage', operations: 1, run: price },
      {
        label: 'admitted, tried, priced and settled',
        operations: 1,
        async run() {
          admitArrival(applicant.call, applicant.apiKey, runtime)(1024);
          const holds = await admit(applicant, runtime);
          const refusal = await enter(holds);
          if (refusal !== null) throw refusal;
          await holds.settle({ ...used, nanoUsd: price() });
        },
      },
    ],
  };
}

function createApplicant(runtime: Runtime): Applicant {
  const body = chatBody({ model: requestedModel('whole'), bytes: 1024, stream: false });
  const call = createBenchCall(body);
  const request = readRequest(call, body);
  const resolution = resolveModel(runtime.catalog, request.model);
  return {
    call,
    request,
    resolution,
    apiKey: authenticate(runtime.catalog, presentedKey, call.arrivedAt),
    profile: resolution.profile,
    operation: call.operation,
    size: estimateSize(request, call.operation, runtime.routingSettings.expected_output_tokens),
    preferences: null,
  };
}
