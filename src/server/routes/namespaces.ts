import type { ServerResponse } from 'node:http';
import type { ApiKey, Catalog } from '../../catalog/catalog.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import { authenticate } from '../../pipeline/authenticate.ts';
import { sumLedger } from '../../usage/sum-ledger.ts';
import { GROUPINGS, isGrouping } from '../../usage/summary.ts';
import { toUsageJson } from '../../usage/summary-json.ts';
import { createSumsMemory } from '../../usage/sums-memory.ts';
import { isAdmin } from '../guard-own-route.ts';
import { presentedKey } from '../presented-key.ts';
import { readInTurn } from '../read-in-turn.ts';
import type { NamespacePage } from '../router.ts';
import type { Visit } from '../visit.ts';

const DEFAULT_NAMESPACE = 'default';
const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 100;

/** What a visitor may see of a namespace. */
interface NamespaceView {
  namespace: string;
  /** Only the calls of this key; null = everybody's. */
  apiKey: string | null;
}

/** Answers `GET /v1/namespaces/{nsid}/requests` and `…/usage` (LED-5). */
export async function answerNamespace(
  visit: Visit,
  namespace: string,
  page: NamespacePage,
): Promise<void> {
  const view = viewOf(visit, namespace);
  if (page === 'requests') answerRequests(visit, view);
  else await answerUsage(visit, view);
}

/** A client's key shows its own calls; the admin key, and open mode without one, everybody's. */
function viewOf(visit: Visit, namespace: string): NamespaceView {
  const { catalog, clock } = visit.runtime;
  const presented = presentedKey('openai', visit.request, visit.query);
  const apiKey = isAdmin(visit) ? null : authenticate(catalog, presented, clock.now());
  if (!isKnown(namespace, catalog, apiKey)) {
    throw new GatewayError(
      'namespace_not_found',
      `There is no namespace \`${namespace}\`; an API key belongs to one by its \`namespace\`.`,
    );
  }
  return { namespace, apiKey: apiKey?.name ?? null };
}

/** A key sees its own namespace, and cannot learn whether others exist. */
function isKnown(namespace: string, { apiKeys }: Catalog, apiKey: ApiKey | null): boolean {
  if (apiKey !== null) return apiKey.namespace === namespace;
  if (namespace === DEFAULT_NAMESPACE) return true;
  return [...(apiKeys?.values() ?? [])].some((each) => each.namespace === namespace);
}

/** The members of a row that can be asked for, by the query's names. */
const FILTERS = {
  model: 'model',
  profile: 'routing_profile',
  api_key: 'api_key',
  request_id: 'request_id',
} as const;

type Row = Readonly<Record<string, unknown>>;

/** The newest calls, as their ledger lines tell them: each row is its line, to the digit. */
function answerRequests({ response, query, runtime }: Visit, view: NamespaceView): void {
  const limit = readCount(query, 'limit', { fallback: DEFAULT_LIMIT, least: 1, most: MAX_LIMIT });
  const offset = readCount(query, 'offset', {
    fallback: 0,
    least: 0,
    most: Number.MAX_SAFE_INTEGER,
  });
  const wanted = Object.entries(FILTERS).flatMap(([parameter, member]) => {
    const value = query.get(parameter);
    return value === null ? [] : [{ member, value }];
  });
  const isShown = (row: Row) =>
    row['namespace'] === view.namespace &&
    (view.apiKey === null || row['api_key'] === view.apiKey) &&
    wanted.every(({ member, value }) => row[member] === value);
  const lines: string[] = [];
  let passed = 0;
  for (const line of runtime.history.newest()) {
    if (lines.length === limit) break;
    if (!isShown(JSON.parse(line))) continue;
    if (passed >= offset) lines.push(line);
    passed += 1;
  }
  sendJsonText(response, `{"data":[${lines.join(',')}],"limit":${limit},"offset":${offset}}`);
}

/** Sums over the ledger's files, `from` a moment `to` before another, grouped `by` what is asked. */
async function answerUsage(visit: Visit, view: NamespaceView): Promise<void> {
  const { response, query, runtime } = visit;
  const grouping = query.get('by') ?? 'model';
  if (!isGrouping(grouping)) {
    const words = Object.keys(GROUPINGS).join(', ');
    throw new GatewayError('invalid_request', `\`by\` must be one of ${words}.`, { param: 'by' });
  }
  const where = [{ field: 'namespace', value: view.namespace, negated: false }];
  if (view.apiKey !== null) where.push({ field: 'api_key', value: view.apiKey, negated: false });
  const selection = { sinceMs: readMoment(query, 'from'), untilMs: readMoment(query, 'to'), where };
  const question = { file: runtime.ledgerFile, grouping, selection };
  const sums = await readInTurn(visit, () => {
    const memory = createSumsMemory({ ...question, nowMs: runtime.clock.now() });
    return sumLedger({ ...question, memory });
  });
  sendJsonText(response, toUsageJson(sums));
}

/** A date or time as ISO 8601 writes it; a date alone begins at midnight, UTC. */
function readMoment(query: URLSearchParams, parameter: string): number | undefined {
  const text = query.get(parameter);
  if (text === null) return undefined;
  const moment = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(moment)) return moment;
  throw new GatewayError(
    'invalid_request',
    `\`${parameter}\` must be a date or time such as 2026-11-28 or 2026-11-28T09:30:00Z.`,
    { param: parameter },
  );
}

/** JSON that is text already, such as lines of the ledger, whose numbers keep every digit. */
function sendJsonText(response: ServerResponse, text: string): void {
  const body = Buffer.from(text);
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': String(body.length),
  });
  response.end(body);
}

function readCount(
  query: URLSearchParams,
  parameter: string,
  { fallback, least, most }: { fallback: number; least: number; most: number },
): number {
  const text = query.get(parameter);
  if (text === null) return fallback;
  const count = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= least && count <= most) return count;
  const range = most === MAX_LIMIT ? `from ${least} to ${most}` : `from ${least} up`;
  throw new GatewayError('invalid_request', `\`${parameter}\` must be a whole number ${range}.`, {
    param: parameter,
  });
}
