import { GatewayError } from '../../core/gateway-error.ts';
import type { ProcessFigures } from '../../metrics/process-families.ts';
import { authenticate } from '../../pipeline/authenticate.ts';
import { DEFAULT_INPUT_TOKENS, explain, parseExplainSurface } from '../../pipeline/explain.ts';
import { isAdmin } from '../guard-own-route.ts';
import { presentedKey } from '../presented-key.ts';
import type { OwnPage } from '../router.ts';
import { sendJson } from '../send-json.ts';
import type { Visit } from '../visit.ts';
import { isLocalVisitor } from '../visitor-address.ts';
import { answerMetrics } from './metrics.ts';
import { uiRoutes } from './ui.ts';

/** What `/health/ready` tells. */
export interface Health {
  /** Why the config on disk is not the one that runs, or null. */
  configError: string | null;
  draining: boolean;
  /** What the processes use that answer calls for this one. */
  others(): ProcessFigures[] | Promise<ProcessFigures[]>;
}

/** Answers one of Signalbox's own pages. */
export function answerPage(visit: Visit, page: OwnPage): void | Promise<void> {
  return pages[page](visit);
}

const pages: Record<OwnPage, (visit: Visit) => void | Promise<void>> = {
  home: ({ response }) => sendJson(response, 200, { name: 'signalbox', status: 'ok' }),
  live: ({ response }) => sendJson(response, 200, { status: 'ok' }),
  ready: answerReady,
  route: answerRoute,
  ...uiRoutes,
  metrics: answerMetrics,
};

function answerReady(visit: Visit): void {
  const { request, response, runtime } = visit;
  const health = visit.health();
  const ledger = runtime.ledger.state();
  const isOwner =
    isAdmin(visit) && (runtime.catalog.adminDigest !== null || isLocalVisitor(request));
  const refuses = runtime.ledger.refuses() || health.draining;
  const readiness = ledger.healthy && health.configError === null ? 'ready' : 'degraded';
  sendJson(response, refuses ? 503 : 200, {
    status: refuses ? 'unavailable' : readiness,
    config: {
      hash: runtime.catalog.configHash,
      error: isOwner ? health.configError : health.configError && INVALID,
    },
    ledger: isOwner
      ? ledger
      : { ...ledger, lastError: ledger.lastError && kindOf(ledger.lastError) },
  });
}

/** What anybody may know of a config that holds paths and names. */
const INVALID = 'The config file is not valid; the log says why.';

/** The system's word for an error, without the path that it was about. */
function kindOf(error: string): string {
  return /^E[A-Z0-9]+(?=:)/.exec(error)?.[0] ?? 'The log says why.';
}

/** `GET /v1/route?model=…`: what `signalbox explain` prints, from the running proxy. */
async function answerRoute(visit: Visit): Promise<void> {
  const { request, response, runtime, query } = visit;
  const presented = presentedKey('openai', request, new URLSearchParams());
  const apiKey = authenticate(runtime.catalog, presented, runtime.clock.now());
  const size = {
    inputTokens: readTokens(query, 'input_tokens') ?? DEFAULT_INPUT_TOKENS,
    outputTokens: readTokens(query, 'max_tokens') ?? runtime.routingSettings.expected_output_tokens,
  };
  const surface = parseExplainSurface(query.get('surface') ?? 'chat');
  const question = { model: query.get('model'), surface, apiKey, size };
  sendJson(response, 200, await explain(runtime, question));
}

function readTokens(query: URLSearchParams, parameter: string): number | null {
  const text = query.get(parameter);
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new GatewayError('invalid_request', `\`${parameter}\` is a number of tokens.`, {
    param: parameter,
  });
}
