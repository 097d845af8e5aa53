import type { Endpoint, Model } from '../catalog/catalog.ts';
import { resolveModel } from '../catalog/resolve-model.ts';
import { type Operation, operationFacts } from '../dialects/operation.ts';
import { worstCaseCost } from '../usage/estimate-cost.ts';
import { isUsable, type RoutingQuestion } from './candidates.ts';
import { fallbacksOf } from './plan.ts';
import { hasOutputLimit } from './request-size.ts';
import type { Runtime } from './runtime.ts';
import { servingOf } from './serving.ts';
import type { WorstSize } from './worst-size.ts';

/** The most that a call can cost (BUD-2). */
export interface WorstCost {
  /** At the dearest endpoint that has a price. */
  nanoUsd: bigint;
  /** False where an endpoint of the call's own model has none. */
  isPriced: boolean;
}

/** The most that a call can cost wherever it may go; a fallback without a price will not be tried. */
export function worstCost(
  question: RoutingQuestion,
  worst: WorstSize,
  { catalog }: Pick<Runtime, 'catalog'>,
): WorstCost {
  const { operation, resolution } = question;
  let { nanoUsd, isPriced } = worstOf(resolution.model.endpoints, operation, worst);
  for (const name of fallbacksOf(question)) {
    const fallback = worstOf(resolveModel(catalog, name).model.endpoints, operation, worst);
    if (fallback.nanoUsd > nanoUsd) nanoUsd = fallback.nanoUsd;
  }
  return { nanoUsd, isPriced };
}

/** Each call asks, and the answer lasts as long as the catalog that the model is in. */
const priced = new WeakMap<Model, ReadonlyMap<Operation, boolean>>();

/** True where every endpoint that could serve has a price for what the operation uses. */
export function isModelPriced(model: Model, operation: Operation): boolean {
  const known = priced.get(model)?.get(operation);
  if (known !== undefined) return known;
  const outputTokens = hasOutputLimit(operation) ? 1 : 0;
  const { isPriced } = worstOf(model.endpoints, operation, { inputTokens: 1, outputTokens });
  priced.set(model, new Map(priced.get(model)).set(operation, isPriced));
  return isPriced;
}

function worstOf(
  endpoints: readonly Endpoint[],
  operation: Operation,
  worst: WorstSize,
): WorstCost {
  const { billed, billingKind: kind } = operationFacts(operation);
  let nanoUsd = 0n;
  let isPriced = true;
  if (!billed) return { nanoUsd, isPriced };
  for (const endpoint of endpoints) {
    if (!isUsable(endpoint) || servingOf(endpoint, operation) === null) continue;
    const { billPricing: pricing, provider } = endpoint;
    const { discountBasisPoints } = provider;
    const cost =
      pricing === null ? null : worstCaseCost({ pricing, kind, discountBasisPoints, ...worst });
    if (cost === null) isPriced = false;
    else if (cost > nanoUsd) nanoUsd = cost;
  }
  return { nanoUsd, isPriced };
}
