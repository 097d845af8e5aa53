import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What the oracle reads of a line of the ledger. */
export interface Line {
  request_id: string;
  config_hash: string;
  team: string;
  slug?: string;
  error_code?: string;
  usage_source: string;
  latency_ms: number;
  ttft_ms?: number;
  cost_nanos_usd: number | null;
}

const LEDGER_NAME = /^usage(\.\d{4}-\d{2}-\d{2}\.\d{4,})?\.jsonl$/;

/** The lines of a ledger and of all files that it was rotated into; what is no line becomes a violation. */
export async function* readLines(ledgerFile: string, violations: string[]): AsyncGenerator<Line> {
  const folder = dirname(ledgerFile);
  for (const name of (await readdir(folder)).filter((name) => LEDGER_NAME.test(name))) {
    const text = await readFile(join(folder, name), 'utf8');
    if (text !== '' && !text.endsWith('\n')) violations.push(`${name} ends in half a line`);
    for (const line of text.split('\n').filter(Boolean)) {
      const read = readLine(line);
      if (read === null) violations.push(`a line of ${name} is no JSON: ${line.slice(0, 100)}`);
      else yield read;
    }
  }
}

/** Only the fields that are asked for: a line is a kilobyte, and there are very many. */
function readLine(text: string): Line | null {
  try {
    const { request_id, config_hash, team, slug, error_code, ...rest } = JSON.parse(text) as Line;
    const { usage_source, latency_ms, ttft_ms, cost_nanos_usd } = rest;
    return {
      request_id,
      config_hash,
      team,
      usage_source,
      latency_ms,
      cost_nanos_usd,
      ...(slug === undefined ? {} : { slug }),
      ...(error_code === undefined ? {} : { error_code }),
      ...(ttft_ms === undefined ? {} : { ttft_ms }),
    };
  } catch {
    return null;
  }
}
