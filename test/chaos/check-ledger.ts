import { readFile } from 'node:fs/promises';
import { totalInput, totalOutput } from '../../src/core/token-usage.ts';
import type { Bill } from '../../src/simulator/running-bill.ts';
import type { Outcome } from './chaos-client.ts';
import { type ChaosConfig, NANOS_IN, NANOS_OUT } from './chaos-config.ts';

interface Line {
  request_id: string;
  config_hash: string;
  team: string;
  slug?: string;
  http_status: number;
  error_code?: string;
  usage_source: string;
  cost_nanos_usd: number | null;
}

interface Evidence {
  ledgerFile: string;
  outcomes: readonly Outcome[];
  bills: readonly Bill[];
  config: ChaosConfig;
}

/** What a run has proven, in numbers. */
export interface Verdict {
  lines: number;
  whole: number;
  /** Slugs of whose calls every one was seen whole, so that ledger and bill must agree to the nano. */
  comparedSlugs: number;
  comparedNanos: bigint;
  violations: string[];
}

/** Everything that the ledger must say, held against what clients saw and upstreams charged. */
export async function checkLedger(evidence: Evidence): Promise<Verdict> {
  const violations: string[] = [];
  const lines = await readLines(evidence.ledgerFile, violations);
  const byId = new Map<string, Line>();
  for (const line of lines) {
    if (byId.has(line.request_id)) violations.push(`two lines for ${line.request_id}`);
    byId.set(line.request_id, line);
    if (evidence.config.teamOf.get(line.config_hash) !== line.team) {
      violations.push(`${line.request_id} is of ${line.team} and of config ${line.config_hash}`);
    }
  }
  const whole = evidence.outcomes.filter(({ isWhole }) => isWhole);
  for (const { requestId, plan, tail } of whole) {
    const line = byId.get(requestId ?? '');
    const what = `${requestId} (${plan.wire.name} ${plan.way} ${plan.isStream ? 'stream' : 'plain'})`;
    if (line === undefined) violations.push(`no line for ${what}, which its client saw whole`);
    else if (line.error_code !== undefined || line.usage_source !== 'reported') {
      violations.push(`${what} was whole, its line says ${JSON.stringify(line)}; seen: ${tail}`);
    }
  }
  const compared = compareBills(evidence, lines, violations);
  return { lines: lines.length, whole: whole.length, ...compared, violations };
}

/** A slug whose calls were all whole costs on the ledger what the upstreams charged for it. */
function compareBills({ outcomes, bills }: Evidence, lines: Line[], violations: string[]) {
  const broken = new Set(outcomes.filter(({ isWhole }) => !isWhole).map(({ plan }) => plan.slug));
  const onLedger = new Map<string, bigint>();
  for (const { slug = '', cost_nanos_usd: cost } of lines) {
    onLedger.set(slug, (onLedger.get(slug) ?? 0n) + BigInt(cost ?? 0));
  }
  const charged = new Map<string, bigint>();
  for (const [slug, { usage }] of bills.flatMap(({ byModel }) => Object.entries(byModel))) {
    const nanos = totalInput(usage.tokens) * NANOS_IN + totalOutput(usage.tokens) * NANOS_OUT;
    charged.set(slug, (charged.get(slug) ?? 0n) + BigInt(nanos));
  }
  let comparedNanos = 0n;
  const slugs = [...charged.keys()].filter((slug) => !broken.has(slug));
  for (const slug of slugs) {
    const [ledger, bill] = [onLedger.get(slug) ?? 0n, charged.get(slug) ?? 0n];
    comparedNanos += bill;
    if (ledger !== bill) violations.push(`${slug}: ${ledger} nanos on the ledger, ${bill} charged`);
  }
  return { comparedSlugs: slugs.length, comparedNanos };
}

async function readLines(file: string, violations: string[]): Promise<Line[]> {
  const text = await readFile(file, 'utf8');
  if (!text.endsWith('\n')) violations.push('the ledger ends in half a line');
  return text
    .split('\n')
    .filter(Boolean)
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Line];
      } catch {
        violations.push(`a line of the ledger is no JSON: ${line.slice(0, 100)}`);
        return [];
      }
    });
}
