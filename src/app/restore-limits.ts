import type { Catalog, Endpoint } from '../catalog/catalog.ts';
import { findBilledEndpoint } from '../catalog/find-billed-endpoint.ts';
import { findWildcard } from '../catalog/find-wildcard.ts';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { CounterStore } from '../policies/counters.ts';
import { type Amounts, type Limit, ONE_REQUEST } from '../policies/limit.ts';
import { SCOPES, type ScopeKind } from '../policies/scope.ts';
import { type LedgerEntry, type ReadPlace, readLedger } from '../usage/ledger-reader.ts';

/** What limits are restored from, and into. */
export interface LimitMemory {
  /** The ledger's file. */
  file: string;
  catalog: Catalog;
  counters: CounterStore;
  clock: Clock;
  logger: Logger;
}

const FIELDS = [
  'ts',
  'organisation',
  'team',
  'user',
  'api_key',
  'model',
  'http_status',
  'tokens',
  'held',
  'cost_nanos_usd',
  'routing',
  'config_hash',
] as const;

type Field = (typeof FIELDS)[number];

const AT = Object.fromEntries(FIELDS.map((name, index) => [name, index])) as Record<Field, number>;

/** Scopes that a line names by a field of theirs. */
const NAMED = ['organisation', 'team', 'user', 'api_key', 'model'] as const;

/**
 * Counts what the ledger knows of these limits (BUD-5), rotated files included, so that a restart forgets
 * nothing. What a line says of its call's key, team and model counts, whatever the config says by now.
 * Returns how to read on; null where there is nothing to count.
 */
export async function restoreLimits(
  limits: readonly Limit[],
  memory: LimitMemory,
): Promise<ReadOn | null> {
  const { clock, file, logger } = memory;
  const counted = limits.filter(({ kind }) => kind !== 'gauge');
  if (counted.length === 0) return null;
  const nowMs = clock.now();
  const sinceMs = Math.min(...counted.map((limit) => startOf(limit, nowMs)));
  const visit = createVisitor(counted, memory, sinceMs);
  const since = Number.isFinite(sinceMs) ? { sinceMs } : {};
  let after: ReadPlace | undefined;
  const read = async (visitLine: typeof visit) => {
    const { lines, damaged, place } = await readLedger(
      { file, fields: FIELDS, after, ...since },
      visitLine,
    );
    after = place ?? undefined;
    logger.debug({ limits: counted.length, lines, damaged }, 'Limits restored from the ledger');
  };
  try {
    await read(visit);
  } catch (err) {
    logger.error({ err }, 'The ledger cannot be read: limits begin again at nothing');
    return null;
  }
  return (isMeant) =>
    read((entry) => {
      if (isMeant(entry.text(AT.config_hash) ?? '')) visit(entry);
    });
}

/** Counts what has come to the ledger since, of calls whose config has such a hash. */
export type ReadOn = (isMeant: (configHash: string) => boolean) => Promise<void>;

/** Since when what happened still counts. */
function startOf(limit: Limit, nowMs: number): number {
  switch (limit.kind) {
    case 'window':
      return nowMs - limit.windowMs;
    case 'bucket':
      return nowMs - (limit.max === 0 ? 0 : (limit.burst / limit.max) * 1000);
    case 'calendar':
      return limit.calendar.periodAt(nowMs).startMs;
    case 'gauge':
      return nowMs;
  }
}

function createVisitor(
  limits: readonly Limit[],
  { catalog, clock, counters }: LimitMemory,
  sinceMs: number,
): (entry: LedgerEntry) => void {
  const dated = limits.map((limit) => ({ limit, sinceMs: startOf(limit, clock.now()) }));
  const groups = groupByScope(dated);
  const attemptsSinceMs = Math.min(
    ...dated.flatMap((each) => (each.limit.scope.kind === 'endpoint' ? each.sinceMs : [])),
  );
  const restore = (held: readonly DatedLimit[] | undefined, atMs: number, used: Amounts) => {
    // Most lines are older than most windows: a comparison tells, before a counter is asked.
    for (const each of held ?? []) {
      if (atMs >= each.sinceMs) counters.restore(each.limit, atMs, used);
    }
  };
  return (entry) => {
    const atMs = Date.parse(entry.text(AT.ts) ?? '');
    if (!(atMs >= sinceMs) || !wasWorkedOn(entry)) return;
    const used = readUsed(entry);
    restore(groups.global.get(''), atMs, used);
    for (const field of NAMED) {
      if (groups[field].size === 0) continue;
      const name = entry.text(AT[field]);
      if (name === undefined) continue;
      restore(groups[field].get(recordName(field, name, catalog)), atMs, used);
    }
    if (atMs < attemptsSinceMs) return;
    readAttempts(entry, catalog).forEach((endpoint, index, all) => {
      // The last one answered; of the others only that they were asked counts.
      const amounts = index === all.length - 1 ? used : ONE_REQUEST;
      for (const { id } of endpoint?.rules.limits ?? []) {
        restore(groups.endpoint.get(id), atMs, amounts);
      }
    });
  };
}

interface DatedLimit {
  limit: Limit;
  /** What happened before does not count. */
  sinceMs: number;
}

/** The limits of each kind of scope, by whose they are; those of endpoints by their own id. */
type Groups = Record<ScopeKind, Map<string, DatedLimit[]>>;

function groupByScope(limits: readonly DatedLimit[]): Groups {
  const groups = Object.fromEntries(SCOPES.map((kind) => [kind, new Map()])) as Groups;
  for (const each of limits) {
    const { kind, name } = each.limit.scope;
    const id = kind === 'endpoint' ? each.limit.id : name;
    const group = groups[kind].get(id) ?? [];
    group.push(each);
    groups[kind].set(id, group);
  }
  return groups;
}

/** All names of a wildcard count together, under the name of its record. */
function recordName(field: string, name: string, catalog: Catalog): string {
  if (field !== 'model' || catalog.models.has(name)) return name;
  return findWildcard(catalog, name)?.model.name ?? name;
}

/** False for a call that was refused before anybody worked on it: it gave back what it held. */
function wasWorkedOn(entry: LedgerEntry): boolean {
  if ((entry.number(AT.http_status) ?? 0) < 400) return true;
  return !(entry.raw(AT.routing) ?? '').includes('"attempts":[]');
}

function readUsed(entry: LedgerEntry): Amounts {
  // Where nobody knows what was used, its line says what counts instead.
  const held = entry.raw(AT.held) ?? '';
  const tokens = entry.raw(AT.tokens) ?? held;
  const tokensOut = readCount(tokens, '"out":');
  return {
    requests: 1,
    tokensIn: readCount(tokens, '"in":'),
    tokensOut,
    mostTokensOut: tokensOut,
    nanoUsd: entry.integer(AT.cost_nanos_usd) ?? BigInt(readCount(held, '"nanos_usd":')),
  };
}

/** The digits behind a name; a million lines are not parsed for two numbers each. */
function readCount(json: string, name: string): number {
  const at = json.indexOf(name);
  return at === -1 ? 0 : Number.parseInt(json.slice(at + name.length, at + name.length + 16), 10);
}

interface Attempts {
  attempts?: { model?: string; provider: string; slug: string; key?: string }[];
}

/** The endpoints that were tried, in order, as far as the config still has them. */
function readAttempts(entry: LedgerEntry, catalog: Catalog): (Endpoint | null)[] {
  const { attempts = [] } = (entry.value(AT.routing) ?? {}) as Attempts;
  const callModel = entry.text(AT.model) ?? '';
  return attempts.map(({ model = callModel, provider, slug, key }) =>
    findBilledEndpoint(catalog, { model, provider, slug, providerKey: key }),
  );
}
