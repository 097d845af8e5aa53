import { styleText } from 'node:util';
import type { Logger } from '../core/logger.ts';
import { printable } from '../core/printable.ts';
import { totalInput, totalOutput } from '../core/token-usage.ts';
import type { CallListener } from '../usage/call-listener.ts';
import { formatUsd } from '../usage/nano-usd.ts';
import type { UsageRecord } from '../usage/usage-record.ts';

type Style = Parameters<typeof styleText>[0];

/** Logs a line at level info for each call: a sentence for people, or fields for programs. */
export function logCalls(logger: Logger, isPretty: boolean): CallListener {
  return isPretty
    ? (record) => logger.info({}, describeCall(record))
    : (record) => logger.info(fieldsOf(record), 'Call');
}

/** Columns of a line, so that short names stand below each other. */
const ROUTE_WIDTH = 28;
const PROFILE_WIDTH = 10;

/** One call in one line: model → provider, profile, times, tokens, cost. */
export function describeCall(record: UsageRecord): string {
  const { httpStatus, errorCode, routingProfile, attempts } = record;
  const parts = [
    `${paint(styleOf(httpStatus), String(httpStatus))} ${routeOf(record).padEnd(ROUTE_WIDTH)}`,
    routingProfile.padEnd(PROFILE_WIDTH),
    timesOf(record),
    tokensOf(record),
    costOf(record),
    attempts.length > 1 ? `${attempts.length} attempts` : '',
    errorCode ?? '',
  ];
  return parts.filter((part) => part !== '').join('  ');
}

function routeOf({ model, requestedModel, provider }: UsageRecord): string {
  const name = printable(model ?? requestedModel ?? '?');
  return provider === undefined ? name : `${name} → ${provider}`;
}

function timesOf({ latencyMs, ttftMs }: UsageRecord): string {
  return `${latencyMs} ms${ttftMs === undefined ? '' : ` (first token ${ttftMs} ms)`}`;
}

/** What is estimated or cut is marked as such. */
function tokensOf({ usage, usageSource }: UsageRecord): string {
  if (usage === null) return usageSource === 'none' ? '' : '? tokens';
  const mark = usageSource === 'reported' ? '' : '~';
  return `${mark}${totalInput(usage.tokens)} → ${mark}${totalOutput(usage.tokens)} tokens`;
}

function costOf({ costNanoUsd, costReason }: UsageRecord): string {
  return costNanoUsd === null ? `$? (${costReason})` : `$${formatUsd(costNanoUsd)}`;
}

function styleOf(status: number): Style {
  if (status >= 500) return 'red';
  return status >= 400 ? 'yellow' : 'green';
}

function paint(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stderr });
}

/** Under the names of the ledger. */
function fieldsOf(record: UsageRecord): Record<string, unknown> {
  const { usage, costNanoUsd } = record;
  return {
    request_id: record.requestId,
    api_key: record.apiKey,
    surface: record.surface,
    model: record.model,
    requested_model: record.requestedModel,
    provider: record.provider,
    routing_profile: record.routingProfile,
    http_status: record.httpStatus,
    error_code: record.errorCode,
    latency_ms: record.latencyMs,
    ttft_ms: record.ttftMs,
    tokens: usage && { in: totalInput(usage.tokens), out: totalOutput(usage.tokens) },
    usage_source: record.usageSource,
    cost_usd: costNanoUsd === null ? null : formatUsd(costNanoUsd),
    cost_reason: record.costReason,
    attempts: record.attempts.length,
  };
}
