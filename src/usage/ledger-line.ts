import { quoted } from '../core/quoted.ts';
import {
  filledBuckets,
  type TokenCounts,
  type TokenUsage,
  totalInput,
  totalOutput,
  type UnitKind,
} from '../core/token-usage.ts';
import { formatTime } from './format-time.ts';
import type { Cost } from './price-usage.ts';
import { TOKEN_ROW, UNIT_ROW } from './rate-table.ts';
import type { AttemptRecord, UsageRecord } from './usage-record.ts';

/**
 * One call as one line of JSON, without the newline (LED-1). Absent values are omitted, except
 * `cost_nanos_usd`, which is null while unknown; money is in integer digits of any length.
 *
 * `tokens` holds the totals `in` and `out`, then every bucket that is not zero under the name it
 * has in `billing`: `input_text`, `cache_read_text`, `cache_write_5m`, `tool_prompt`,
 * `output_text`, `reasoning` and so on, as the rate table lists them. `units` likewise holds
 * `image`, `audio_ms`, `character`, `web_search` and `web_fetch`. `extra` holds what other models
 * used inside the call, which `tokens` leaves out and `billing` names `<kind>.<bucket>`.
 *
 * Written by hand: it takes three fifths of what JSON.stringify took, once for each call.
 */
export function toLedgerLine(record: UsageRecord): string {
  return flatten(
    `{"v":1,"ts":"${formatTime(record.arrivedAt)}"${text('request_id', record.requestId)}` +
      callerMembers(record) +
      requestMembers(record) +
      outcomeMembers(record) +
      `${usageMembers(record)},"usage_source":"${record.usageSource}"${heldMember(record)}` +
      `,${moneyMembers(record)}${providerUsageMember(record)}` +
      `${text('provider_request_id', record.providerRequestId)},"routing":${routingText(record)}` +
      `${name('client_ip', record.clientIp)}}`,
  );
}

/** A member whose value comes again and again; nothing where it is absent. */
function name(key: string, value: string | undefined): string {
  return value === undefined ? '' : `,"${key}":${quoted(value)}`;
}

/** A member whose value is another one in each line; nothing where it is absent. */
function text(key: string, value: string | undefined): string {
  return value === undefined ? '' : `,"${key}":${JSON.stringify(value)}`;
}

/** V8 keeps a concatenation as a rope; reading one character flattens it, so that its pieces can be freed. */
function flatten(sum: string): string {
  sum.charCodeAt(sum.length - 1);
  return sum;
}

function callerMembers(record: UsageRecord): string {
  return (
    name('config_hash', record.configHash) +
    name('api_key', record.apiKey) +
    name('organisation', record.organisation) +
    name('team', record.team) +
    name('user', record.user) +
    name('namespace', record.namespace) +
    text('session', record.session)
  );
}

function requestMembers(record: UsageRecord): string {
  return (
    `${name('surface', record.surface)}${name('operation', record.operation)}` +
    `,"stream":${record.stream}` +
    name('requested_model', record.requestedModel) +
    name('alias', record.alias) +
    name('model', record.model) +
    name('variant_of', record.variantOf) +
    name('slug', record.slug) +
    name('provider', record.provider) +
    name('provider_key', record.providerKey) +
    name('routing_profile', record.routingProfile) +
    (record.discount ? ',"discount":true' : '')
  );
}

function outcomeMembers({ httpStatus, errorCode, latencyMs, ttftMs }: UsageRecord): string {
  const ttft = ttftMs === undefined ? '' : `,"ttft_ms":${Math.round(ttftMs)}`;
  const latency = `,"latency_ms":${Math.round(latencyMs)}${ttft}`;
  return `,"http_status":${httpStatus}${name('error_code', errorCode)}${latency}`;
}

function routingText({ model, pinned, attempts }: UsageRecord): string {
  let texts = '';
  for (const attempt of attempts)
    texts += `${texts === '' ? '' : ','}${attemptText(attempt, model)}`;
  return `{${pinned === undefined ? '' : `"pinned":${quoted(pinned)},`}"attempts":[${texts}]}`;
}

function attemptText(attempt: AttemptRecord, callModel: string | undefined): string {
  const { model, provider, slug, key, status, error, ms } = attempt;
  const place = `"provider":${quoted(provider)},"slug":${quoted(slug)}${name('key', key)}`;
  const modelMember = model === callModel ? '' : `"model":${quoted(model)},`;
  const statusMember = status === undefined ? '' : `,"status":${status}`;
  const outcome = `${statusMember}${name('error', error)},"ms":${ms}`;
  return `{${modelMember}${place}${outcome}}`;
}

function usageMembers({ usage }: UsageRecord): string {
  if (usage === null) return '';
  const tokens = `,"tokens":${tokensText(usage.tokens)}`;
  return tokens + unitsMember(usage) + extraMember(usage);
}

/** The JSON texts of the members of a line that a cost is told by. */
export interface MoneyTexts {
  cost: string | undefined;
  reason: string | undefined;
  billing: string | undefined;
}

/** The line with another cost in the place of its own; null where it is not laid out as one of ours. */
export function replaceCost(line: string, texts: MoneyTexts, cost: Cost): string | null {
  const reason = texts.reason === undefined ? '' : `,"cost_reason":${texts.reason}`;
  const billing = texts.billing === undefined ? '' : `,"billing":${texts.billing}`;
  const old = `"cost_nanos_usd":${texts.cost}${reason}${billing}`;
  // No text before it can hold it, as the quotes would be escaped.
  const at = line.indexOf(old);
  if (at === -1) return null;
  const { total: costNanoUsd, reason: costReason, lines } = cost;
  const money = moneyMembers({ costNanoUsd, costReason, billing: lines });
  return line.slice(0, at) + money + line.slice(at + old.length);
}

type RecordedMoney = Pick<UsageRecord, 'costNanoUsd' | 'costReason' | 'billing'>;

/** Written by hand: JSON.stringify knows no bigint. */
function moneyMembers({ costNanoUsd, costReason, billing }: RecordedMoney): string {
  const reason = costReason === undefined ? '' : `,"cost_reason":"${costReason}"`;
  let bill = '';
  for (const [line, nanos] of billing) bill += `,${quoted(line)}:${nanos}`;
  if (bill !== '') bill = `,"billing":{${bill.slice(1)}}`;
  return `"cost_nanos_usd":${costNanoUsd}${reason}${bill}`;
}

/** The upstream's own text, so that its numbers keep every digit; a line break in it is only layout. */
function providerUsageMember({ providerUsage }: UsageRecord): string {
  if (providerUsage === undefined) return '';
  const isOneLine = !providerUsage.includes('\n') && !providerUsage.includes('\r');
  return `,"provider_usage":${isOneLine ? providerUsage : providerUsage.replace(/[\r\n]/g, ' ')}`;
}

function tokensText(tokens: Readonly<TokenCounts>): string {
  let text = `{"in":${totalInput(tokens)},"out":${totalOutput(tokens)}`;
  for (const bucket of filledBuckets(tokens)) {
    text += `,"${TOKEN_ROW[bucket].name}":${tokens[bucket]}`;
  }
  return `${text}}`;
}

function heldMember({ held }: UsageRecord): string {
  if (held === undefined) return '';
  const { tokensIn, tokensOut, nanoUsd } = held;
  return `,"held":{"in":${tokensIn},"out":${tokensOut},"nanos_usd":${nanoUsd}}`;
}

function unitsMember({ units }: TokenUsage): string {
  let text = '';
  for (const kind in units) {
    const count = units[kind as UnitKind] ?? 0;
    if (count !== 0) text += `,"${UNIT_ROW[kind as UnitKind].name}":${count}`;
  }
  return text === '' ? '' : `,"units":{${text.slice(1)}}`;
}

function extraMember({ extra }: TokenUsage): string {
  if (extra.length === 0) return '';
  const texts = extra.map(({ model, kind, tokens }) => {
    const names = JSON.stringify({ model, kind });
    return `${names.slice(0, -1)},"tokens":${tokensText(tokens)}}`;
  });
  return `,"extra":[${texts.join(',')}]`;
}
