import type { Catalog } from '../catalog/catalog.ts';
import { findWildcard } from '../catalog/find-wildcard.ts';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { CounterStore } from '../policies/counters.ts';
import { type Amounts, type Limit, ONE_REQUEST } from '../policies/limit.ts';
import { SCOPES, type Scope, type ScopeKind } from '../policies/scope.ts';
import { type LedgerEntry, readLedger } from '../usage/ledger-reader.ts';

/** What limits are restored from, and into. */
interface LimitMemory {
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
] as const;

type Field = (typeof FIELDS)[number];

const AT = Object.fromEntries(FIELDS.map((name, index) => [name, index])) as Record<Field, number>;

/** Scopes that a line names by a field of theirs. */
const NAMED = ['organisation', 'team', 'user', 'api_key', 'model'] as const;

/**
 * Counts what the ledger knows of these limits (BUD-5), rotated files included, so that a restart forgets
 * nothing. What a line says of its call's key, team and model counts, whatever the config says by now.
 */
export async function restoreLimits(limits: readonly Limit[], memory: LimitMemory): Promise<void> {
  const { clock, file, logger } = memory;
  const counted = limits.filter(({ kind }) => kind !== 'gauge');
  if (counted.length === 0) return;
  const nowMs = clock.now();
  const sinceMs = Math.min(...counted.map((limit) => startOf(limit, nowMs)));
  const visit = createVisitor(counted, memory, sinceMs);
  try {
    const since = Number.isFinite(sinceMs) ? { sinceMs } : {};
    const { lines, damaged } = await readLedger({ file, fields: FIELDS, ...since }, visit);
    logger.debug({ limits: counted.length, lines, damaged }, 'Limits restored from the ledger');
  } catch (err) {
    logger.error({ err }, 'The ledger cannot be read: limits begin again at nothing');
  }
}

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
    readAttempts(entry, catalog).forEach((place, index, all) => {
      // The last one answered; of the others only that they were asked counts.
      restore(groups.endpoint.get(place), atMs, index === all.length - 1 ? used : ONE_REQUEST);
    });
  };
}

interface DatedLimit {
  limit: Limit;
  /** What happened before does not count. */
  sinceMs: number;
}

/** The limits of each kind of scope, by whose they are. */
type Groups = Record<ScopeKind, Map<string, DatedLimit[]>>;

function groupByScope(limits: readonly DatedLimit[]): Groups {
  const groups = Object.fromEntries(SCOPES.map((kind) => [kind, new Map()])) as Groups;
  for (const each of limits) {
    const { kind, name, endpoint } = each.limit.scope;
    const id = endpoint === undefined ? name : placeOf(endpoint);
    const group = groups[kind].get(id) ?? [];
    group.push(each);
    groups[kind].set(id, group);
  }
  return groups;
}

function placeOf({ model, provider, slug }: NonNullable<Scope['endpoint']>): string {
  return `${model}\n${provider}\n${slug}`;
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
  attempts?: { provider: string; slug: string }[];
}

/** The scopes of the endpoints that were tried, in order. */
function readAttempts(entry: LedgerEntry, catalog: Catalog): string[] {
  const { attempts = [] } = (entry.value(AT.routing) ?? {}) as Attempts;
  const name = entry.text(AT.model) ?? '';
  const wildcard = catalog.models.has(name) ? undefined : findWildcard(catalog, name)?.model;
  return attempts.map(({ provider, slug }) => {
    // The slugs of a wildcard's endpoints hold a star.
    const record = wildcard?.endpoints.find((each) => each.provider.name === provider);
    return placeOf({ model: wildcard?.name ?? name, provider, slug: record?.slug ?? slug });
  });
}
