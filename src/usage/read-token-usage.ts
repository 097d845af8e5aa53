import { createTokenCounts, createTokenUsage, type TokenUsage } from '../core/token-usage.ts';
import { TOKEN_ROWS, UNIT_ROWS } from './rate-table.ts';

/** The members of a ledger line that hold what a call used, parsed. */
export interface UsageMembers {
  tokens: unknown;
  units: unknown;
  extra: unknown;
}

/** What a line says that its call used, as `toLedgerLine` wrote it; null where it says nothing. */
export function readTokenUsage({ tokens, units, extra }: UsageMembers): TokenUsage | null {
  if (!isRecord(tokens)) return null;
  const usage = createTokenUsage();
  usage.tokens = readCounts(tokens);
  for (const { name, counts } of UNIT_ROWS) {
    const count = isRecord(units) ? units[name] : undefined;
    if (typeof count === 'number') usage.units[counts] = count;
  }
  for (const each of Array.isArray(extra) ? extra.filter(isRecord) : []) {
    usage.extra.push({
      model: typeof each['model'] === 'string' ? each['model'] : undefined,
      kind: String(each['kind']),
      tokens: readCounts(isRecord(each['tokens']) ? each['tokens'] : {}),
    });
  }
  return usage;
}

function readCounts(members: Record<string, unknown>): TokenUsage['tokens'] {
  const counted = createTokenCounts();
  for (const { name, counts } of TOKEN_ROWS) {
    const count = members[name];
    if (typeof count === 'number') counted[counts] = count;
  }
  return counted;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
