import { totalInput, totalOutput } from '../../src/core/token-usage.ts';
import type { Bill } from '../../src/simulator/running-bill.ts';
import type { Outcome } from './chaos-client.ts';
import { type ChaosConfig, NANOS_IN, NANOS_OUT } from './chaos-config.ts';
import { type Line, readLines } from './read-lines.ts';

interface Evidence {
  ledgerFile: string;
  outcomes: readonly Outcome[];
  bills: readonly Bill[];
  config: ChaosConfig;
  /** Lines that the proxy admits to have lost on a full disk. */
  lost: number;
}

/** What a run has proven, in numbers. */
export interface Verdict {
  lines: number;
  whole: number;
  lost: number;
  /** Slugs of whose calls every one was seen whole, so that ledger and bill must agree to the nano. */
  comparedSlugs: number;
  comparedNanos: bigint;
  violations: string[];
}

/** No call lasts longer than its faults and timeouts, whatever the wall clock did meanwhile. */
const LONGEST_CALL_MS = 60_000;

/** What no line may say: every limit has room, and nothing asks for more than it may. */
const REFUSALS = new Set(['budget_exceeded', 'quota_exceeded', 'model_unpriced']);

/** Everything that the ledger must say, held against what clients saw and upstreams charged. */
export async function checkLedger(evidence: Evidence): Promise<Verdict> {
  const violations: string[] = [];
  const byId = new Map<string, Line>();
  for await (const line of readLines(evidence.ledgerFile, violations)) {
    if (byId.has(line.request_id)) violations.push(`two lines for ${line.request_id}`);
    byId.set(line.request_id, line);
    violations.push(...faultsOf(line, evidence.config));
  }
  const missing = checkOutcomes(evidence.outcomes, byId, violations);
  if (missing.length > evidence.lost) {
    violations.push(
      `${missing.length} answers seen whole have no line, ${evidence.lost} are known to be lost`,
      ...missing.map(({ requestId, what }) => `no line for ${requestId} (${what})`),
    );
  }
  const whole = evidence.outcomes.filter(({ isWhole }) => isWhole).length;
  const compared = compareBills(evidence, { byId, missing, violations });
  return { lines: byId.size, whole, lost: evidence.lost, ...compared, violations };
}

function faultsOf(line: Line, { teamOf }: ChaosConfig): string[] {
  const { request_id: id, latency_ms: latency, ttft_ms: ttft = 0 } = line;
  const faults: string[] = [];
  if (teamOf.get(line.config_hash) !== line.team) {
    faults.push(`${id} is of ${line.team} and of config ${line.config_hash}`);
  }
  if (!(latency >= 0 && latency < LONGEST_CALL_MS && ttft >= 0 && ttft <= latency)) {
    faults.push(`${id} took ${latency} ms, ${ttft} ms of them until its first token`);
  }
  if (REFUSALS.has(line.error_code ?? '')) faults.push(`${id} was refused: ${line.error_code}`);
  return faults;
}

/** The answers that were seen whole and have no line. */
function checkOutcomes(
  outcomes: readonly Outcome[],
  byId: ReadonlyMap<string, Line>,
  violations: string[],
): Outcome[] {
  const missing: Outcome[] = [];
  for (const outcome of outcomes) {
    const { requestId, what, status, tail } = outcome;
    if (outcome.mustSucceed && !outcome.isWhole) {
      violations.push(`${requestId} (${what}) failed for no reason with ${status}: ${tail}`);
    }
    if (!outcome.isWhole) continue;
    const line = byId.get(requestId ?? '');
    if (line === undefined) missing.push(outcome);
    else if (line.error_code !== undefined || line.usage_source !== 'reported') {
      violations.push(`${requestId} (${what}) was whole, its line says ${JSON.stringify(line)}`);
    }
  }
  return missing;
}

interface Findings {
  byId: ReadonlyMap<string, Line>;
  missing: readonly Outcome[];
  violations: string[];
}

/** A slug whose calls were all whole costs on the ledger what the upstreams charged for it. */
function compareBills({ outcomes, bills }: Evidence, { byId, missing, violations }: Findings) {
  const broken = new Set(outcomes.filter(({ isWhole }) => !isWhole).map(({ slug }) => slug));
  for (const { slug } of missing) broken.add(slug);
  const onLedger = new Map<string, bigint>();
  for (const { slug = '', cost_nanos_usd: cost } of byId.values()) {
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
