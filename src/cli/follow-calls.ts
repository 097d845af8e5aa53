import { access } from 'node:fs/promises';
import { styleText } from 'node:util';
import { printable } from '../core/printable.ts';
import { createFieldList } from '../usage/field-list.ts';
import { followLedger } from '../usage/follow-ledger.ts';
import { type Condition, createLedgerFilter } from '../usage/ledger-filter.ts';
import type { LedgerEntry } from '../usage/ledger-reader.ts';
import { formatCost, formatCount, formatMilliseconds } from './usage-columns.ts';

/** Which calls are printed, and how. */
export interface FollowOptions {
  file: string;
  where: readonly Condition[];
  /** Each call as its line of the ledger. */
  asJson: boolean;
}

/** Prints each call when its line is written, until the process is told to end. */
export async function followCalls({ file, where, asJson }: FollowOptions): Promise<void> {
  const fields = createFieldList();
  const isSelected = createLedgerFilter(fields, { where });
  const describe = createDescriber(fields);
  const ended = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort());
  // Whoever reads the other end has gone, as `head` does.
  process.stdout.once('error', () => ended.abort());
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  const onReady = () => {
    process.stderr.write(isThere ? `Following ${file}\n` : `Waiting for ${file}\n`);
  };
  await followLedger({ file, fields: fields.names, signal: ended.signal, onReady }, (entry) => {
    if (isSelected(entry)) process.stdout.write(`${asJson ? entry.line() : describe(entry)}\n`);
  });
}

function createDescriber(fields: ReturnType<typeof createFieldList>) {
  const ts = fields.place('ts');
  const apiKey = fields.place('api_key');
  const requested = fields.place('requested_model');
  const provider = fields.place('provider');
  const slug = fields.place('slug');
  const status = fields.place('http_status');
  const errorCode = fields.place('error_code');
  const latency = fields.place('latency_ms');
  const tokens = fields.place('tokens');
  const cost = fields.place('cost_nanos_usd');
  return (entry: LedgerEntry): string => {
    const name = (field: number) => printable(entry.text(field) ?? '');
    const served = entry.has(provider) ? `→ ${name(provider)}:${name(slug)}` : '';
    const parts = [
      formatTime(entry.text(ts)),
      paintStatus(entry.number(status) ?? 0, name(errorCode)),
      name(requested).padEnd(24),
      served.padEnd(32),
      formatTokens(entry.value(tokens)),
      formatNanos(entry.integer(cost) ?? null).padStart(11),
      formatMilliseconds(entry.number(latency) ?? null).padStart(8),
      name(apiKey),
      name(errorCode),
    ];
    return parts.join('  ').trimEnd();
  };
}

function formatTime(ts: string | undefined): string {
  const at = new Date(ts ?? '');
  return Number.isNaN(at.getTime()) ? '--:--:--' : at.toTimeString().slice(0, 8);
}

function paintStatus(status: number, errorCode: string): string {
  const style = status < 400 && errorCode === '' ? 'green' : 'red';
  return styleText(style, String(status).padStart(3), { stream: process.stdout });
}

function formatTokens(tokens: unknown): string {
  const counted = typeof tokens === 'object' && tokens !== null ? tokens : {};
  const count = (name: string) => Number(Reflect.get(counted, name) ?? 0);
  return `${formatCount(count('in')).padStart(9)} in ${formatCount(count('out')).padStart(7)} out`;
}

function formatNanos(nanos: bigint | null): string {
  return nanos === null ? '$?' : `$${formatCost(nanos, 6)}`;
}
