import { type TokenBucket, type TokenUsage, totalInput, totalOutput } from '../core/token-usage.ts';
import { formatTime } from './format-time.ts';
import type { Cost } from './price-usage.ts';
import { TOKEN_ROWS, UNIT_ROWS } from './rate-table.ts';
import type { UsageRecord } from './usage-record.ts';

/**
 * One call as one line of JSON, without the newline (LED-1). Absent values are omitted, except
 * `cost_nanos_usd`, which is null while unknown; money is in integer digits of any length.
 *
 * `tokens` holds the totals `in` and `out`, then every bucket that is not zero under the name it
 * has in `billing`: `input_text`, `cache_read_text`, `cache_write_5m`, `tool_prompt`,
 * `output_text`, `reasoning` and so on, as the rate table lists them. `units` likewise holds
 * `image`, `audio_ms`, `character`, `web_search` and `web_fetch`. `extra` holds what other models
 * used inside the call, which `tokens` leaves out and `billing` names `<kind>.<bucket>`.
 */
export function toLedgerLine(record: UsageRecord): string {
  const head = JSON.stringify({
    v: 1,
    ts: formatTime(record.arrivedAt),
    request_id: record.requestId,
    config_hash: record.configHash,
    api_key: record.apiKey,
    organisation: record.organisation,
    team: record.team,
    user: record.user,
    namespace: record.namespace,
    session: record.session,
    surface: record.surface,
    operation: record.operation,
    stream: record.stream,
    requested_model: record.requestedModel,
    alias: record.alias,
    model: record.model,
    variant_of: record.variantOf,
    slug: record.slug,
    provider: record.provider,
    provider_key: record.providerKey,
    routing_profile: record.routingProfile,
    discount: record.discount || undefined,
    http_status: record.httpStatus,
    error_code: record.errorCode,
    latency_ms: Math.round(record.latencyMs),
    ttft_ms: record.ttftMs === undefined ? undefined : Math.round(record.ttftMs),
  });
  const tail = JSON.stringify({
    provider_request_id: record.providerRequestId,
    routing: { pinned: record.pinned, attempts: record.attempts },
    client_ip: record.clientIp,
  });
  const source = `,"usage_source":"${record.usageSource}"`;
  const metered = usageMembers(record) + source + heldMember(record);
  const money = `${moneyMembers(record)}${providerUsageMember(record)}`;
  // Joined, not added: a sum keeps all its pieces for as long as the line is remembered.
  return [head.slice(0, -1), metered, ',', money, ',', tail.slice(1)].join('');
}

/** Written by hand: as objects with a member for each bucket they took as long as all the rest. */
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
  for (const [line, nanos] of billing) bill += `,${JSON.stringify(line)}:${nanos}`;
  if (bill !== '') bill = `,"billing":{${bill.slice(1)}}`;
  return `"cost_nanos_usd":${costNanoUsd}${reason}${bill}`;
}

/** The upstream's own text, so that its numbers keep every digit; a line break in it is only layout. */
function providerUsageMember({ providerUsage }: UsageRecord): string {
  if (providerUsage === undefined) return '';
  const text = isJson(providerUsage) ? providerUsage : JSON.stringify(providerUsage);
  return `,"provider_usage":${text.replace(/[\r\n]/g, ' ')}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function tokensText(tokens: Readonly<Record<TokenBucket, number>>): string {
  let text = `{"in":${totalInput(tokens)},"out":${totalOutput(tokens)}`;
  for (const { name, counts } of TOKEN_ROWS) {
    if (tokens[counts] !== 0) text += `,"${name}":${tokens[counts]}`;
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
  for (const { name, counts } of UNIT_ROWS) {
    const count = units[counts] ?? 0;
    if (count !== 0) text += `,"${name}":${count}`;
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
