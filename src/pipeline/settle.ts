import type { ApiKey, Catalog, Endpoint } from '../catalog/catalog.ts';
import { findWildcard } from '../catalog/find-wildcard.ts';
import { priceCall } from '../catalog/price-call.ts';
import type { Resolution } from '../catalog/resolve-model.ts';
import type { ErrorCode } from '../core/gateway-error.ts';
import { addUsage, type TokenUsage } from '../core/token-usage.ts';
import type { Profile } from '../routing/profiles.ts';
import { toLedgerLine } from '../usage/ledger-line.ts';
import type { Cost } from '../usage/price-usage.ts';
import type { AttemptRecord, UsageRecord, UsageSource } from '../usage/usage-record.ts';
import { bothDone } from './both-done.ts';
import type { Call } from './call.ts';
import { type CallHolds, NO_HOLDS } from './call-holds.ts';
import type { CallRequest } from './read-request.ts';
import type { KnownRoute } from './route-headers.ts';
import type { Runtime } from './runtime.ts';
import { findSession, findSessionInBody } from './session.ts';
import { heldFor, settleHolds } from './settle-holds.ts';

/** Names longer than this are cut in the ledger; no model or session has one. */
const MAX_NAME = 256;

/** What an answer used, and how sure that is. */
export interface Metered {
  usage: TokenUsage | null;
  source: UsageSource;
  /** The upstream's own usage object, as JSON text. */
  providerUsage: string | undefined;
}

/** Collects what becomes known of one call, and writes its line of the ledger once. */
export interface Settlement {
  requested(request: CallRequest): void;
  resolved(resolution: Resolution, profile: Profile): void;
  attempted(endpoint: Endpoint, attempt: AttemptRecord): void;
  /** The first content reached us. */
  firstToken(): void;
  /**
   * Prices what an attempt used, and adds it to what others before it did; the cost of them all in nanos,
   * or null where it is unknown.
   */
  meter(endpoint: Endpoint, metered: Metered): bigint | null;
  /** What the call's attempt at the endpoint used is on its record. */
  hasMetered(endpoint: Endpoint): boolean;
  /** What the call holds of its limits, to be settled with it. */
  held(holds: CallHolds): void;
  upstreamRequestId(id: string | undefined): void;
  /**
   * Writes the line; only the first close counts. The promise resolves when the line is as safe as
   * `usage.durability` says; without one there is nothing to wait for.
   */
  close(httpStatus: number, errorCode?: ErrorCode): void | Promise<void>;
  isClosed(): boolean;
  attemptCount(): number;
  /** What an answer that is written at this moment can say of the call's way. */
  route(): KnownRoute;
}

/** Attempts are added as they end. */
interface OpenRecord extends UsageRecord {
  attempts: AttemptRecord[];
  attemptEndsMs: number[];
}

/** So much of a name that a client made up; a mere slice would keep all of its text alive. */
function shorten(name: string | undefined): string | undefined {
  if (name === undefined || name.length <= MAX_NAME) return name;
  return Buffer.from(name.slice(0, MAX_NAME)).toString();
}

/** Opens the settlement of a call that passed authentication. */
export function openSettlement(call: Call, apiKey: ApiKey | null, runtime: Runtime): Settlement {
  const record = draftRecord(call, apiKey, runtime);
  const { attempts, attemptEndsMs } = record;
  const meteredAt: Endpoint[] = [];
  let written: void | Promise<void>;
  let closed = false;
  let holds = NO_HOLDS;

  return {
    requested(request) {
      const { model, stream } = request;
      record.session ??= shorten(findSessionInBody(request));
      record.requestedModel = shorten(typeof model === 'string' ? model : undefined);
      record.stream = stream;
    },
    resolved(resolution, profile) {
      record.alias ??= resolution.alias ?? undefined;
      record.model = resolution.model.name;
      record.variantOf = resolution.model.variantOf ?? undefined;
      record.routingProfile = profile;
      record.discount = resolution.discount;
      record.pinned = resolution.pinnedProvider ?? undefined;
    },
    attempted(endpoint, attempt) {
      attempts.push(attempt);
      attemptEndsMs.push(Math.round(runtime.clock.monotonicMs() - call.startedMs));
      record.provider = endpoint.provider.name;
      record.providerKey = endpoint.key?.name;
      record.slug = endpoint.slug;
    },
    firstToken() {
      record.ttftMs ??= Math.round(runtime.clock.monotonicMs() - call.startedMs);
    },
    meter(endpoint, metered) {
      const before = meteredAt.length === 0 ? null : { ...record };
      meteredAt.push(endpoint);
      noteUse(record, metered, priceOf(metered.usage, endpoint, call, runtime));
      if (before !== null) addUse(record, before);
      return record.costNanoUsd;
    },
    hasMetered: (endpoint) => meteredAt.includes(endpoint),
    held(taken) {
      holds = taken;
    },
    upstreamRequestId(id) {
      record.providerRequestId = id;
    },
    close(httpStatus, errorCode) {
      if (closed) return written;
      closed = true;
      record.httpStatus = httpStatus;
      record.errorCode = errorCode;
      record.latencyMs = Math.round(runtime.clock.monotonicMs() - call.startedMs);
      runtime.meters.count(configuredName(runtime.catalog, record.model), record);
      record.held = heldFor(holds, record, apiKey);
      const line = toLedgerLine(record);
      runtime.history.add(line);
      // The client's next call must find what this one gave back.
      written = bothDone(runtime.ledger.append(line), settleHolds(holds, record, runtime));
      for (const tell of runtime.listeners) tell(record, call.headers);
      return written;
    },
    isClosed: () => closed,
    attemptCount: () => attempts.length,
    route() {
      const { model, provider, routingProfile: profile } = record;
      return { model, provider, profile, attempts: attempts.length };
    },
  };
}

/** Names what is priced field by field: to spread it costs 3 µs, on every call. */
function priceOf(usage: TokenUsage | null, endpoint: Endpoint, call: Call, runtime: Runtime): Cost {
  return priceCall({ catalog: runtime.catalog, endpoint, operation: call.operation, usage });
}

function noteUse(record: OpenRecord, { usage, source, providerUsage }: Metered, cost: Cost): void {
  record.usage = usage;
  record.usageSource = source;
  record.providerUsage = providerUsage;
  record.costNanoUsd = cost.total;
  record.costReason = cost.reason;
  record.billing = cost.lines;
}

/** Adds what was used before, at other prices; a sum with something unknown in it is unknown. */
function addUse(record: OpenRecord, before: UsageRecord): void {
  if (record.usage === null || before.usage === null) record.usage = null;
  else addUsage(record.usage, before.usage);
  record.usageSource = record.usage === null ? 'none' : 'partial';
  record.providerUsage ??= before.providerUsage;
  const { costNanoUsd: cost } = record;
  const { costNanoUsd: costBefore } = before;
  record.costNanoUsd = cost === null || costBefore === null ? null : cost + costBefore;
  record.costReason ??= before.costReason;
  record.billing = joinLines(before.billing, record.billing);
}

function joinLines(...bills: UsageRecord['billing'][]): UsageRecord['billing'] {
  const sums = new Map<string, bigint>();
  for (const [line, nanos] of bills.flat()) sums.set(line, (sums.get(line) ?? 0n) + nanos);
  return [...sums];
}

/** The name that the config has for a model, its wildcard's where it has one; empty if unknown. */
function configuredName(catalog: Catalog, name: string | undefined): string {
  if (name === undefined || catalog.models.has(name)) return name ?? '';
  return findWildcard(catalog, name)?.model.name ?? '';
}

function draftRecord(call: Call, apiKey: ApiKey | null, runtime: Runtime): OpenRecord {
  return {
    arrivedAt: call.arrivedAt,
    requestId: call.requestId,
    configHash: runtime.catalog.configHash,
    apiKey: apiKey?.name,
    organisation: apiKey?.organisation ?? undefined,
    team: apiKey?.team ?? undefined,
    user: apiKey?.user ?? undefined,
    namespace: apiKey?.namespace ?? 'default',
    session: findSession(call.headers)?.slice(0, MAX_NAME),
    surface: call.surface,
    operation: call.operation,
    stream: false,
    requestedModel: undefined,
    alias: undefined,
    model: undefined,
    variantOf: undefined,
    slug: undefined,
    provider: undefined,
    providerKey: undefined,
    routingProfile: 'balanced',
    discount: false,
    httpStatus: 0,
    errorCode: undefined,
    latencyMs: 0,
    ttftMs: undefined,
    usage: null,
    usageSource: 'none',
    held: undefined,
    // What never reached an upstream costs nothing; that is known, not assumed.
    costNanoUsd: 0n,
    costReason: undefined,
    billing: [],
    providerUsage: undefined,
    providerRequestId: undefined,
    pinned: undefined,
    attempts: [],
    attemptEndsMs: [],
    clientIp: call.clientIp,
  };
}
