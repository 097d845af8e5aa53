import { GatewayError } from '../core/gateway-error.ts';
import { isObject } from '../dialects/json-object.ts';
import {
  findMember,
  isArrayAt,
  isObjectAt,
  JsonScanError,
  parseSpan,
  readMember,
  type ScannedObject,
  scanArray,
  scanJson,
} from '../dialects/scan-json.ts';
import { readStreamError } from '../dialects/stream-reading.ts';
import { collectBody } from '../upstream/collect-body.ts';
import { formatUsd } from '../usage/nano-usd.ts';
import { asUpstreamFailure } from './as-upstream-failure.ts';
import { editAnswer } from './edit-answer.ts';
import { estimateUsage } from './estimate-usage.ts';
import { type Exchange, keepReported, settleExchange } from './exchange.ts';
import { keepReport } from './provider-report.ts';
import { reportedFailure } from './reported-failure.ts';
import type { Metered } from './settle.ts';

/** Larger answers than any provider gives; images as base64 stay far below. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

/** Where the APIs report usage; other members that readUsage needs are content. */
const USAGE_MEMBERS = new Set(['usage', 'usageMetadata']);

/** Relays a JSON answer: read whole, metered, on the ledger, then sent with its cost (MON-7). */
export async function relayWhole(exchange: Exchange): Promise<void> {
  const body = await collectBody(exchange.response.body, MAX_ANSWER_BYTES);
  const { answer, metered } = readAnswer(exchange, body);
  const { cost, written } = settleExchange(exchange, metered);
  // Under `durability: relaxed` nobody has to wait.
  if (written) await written;
  const { headers } = exchange;
  headers['content-length'] = String(answer.length);
  if (cost !== null) headers['x-signalbox-cost-usd'] = formatUsd(cost);
  exchange.call.reply.send(exchange.response.status, headers, answer);
}

/** The answer as the client gets it; one that cannot be translated is the upstream's failure. */
function renderAnswer({ edits, request, translation }: Exchange, body: Buffer): Buffer {
  if (translation === null) return editAnswer(body, edits);
  try {
    return request.stream && translation.events
      ? Buffer.from(translation.events.translateWhole(body).join(''))
      : translation.translateWhole(body);
  } catch (thrown) {
    throw asUpstreamFailure(thrown);
  }
}

/** Reads an answer to the end: its bytes for the client, and its use, which is kept if there are none. */
function readAnswer(exchange: Exchange, body: Buffer): { answer: Buffer; metered: Metered } {
  const { scanned, metered } = meterAnswer(exchange, body);
  try {
    refuseError(exchange, body, scanned);
    refuseEmpty(exchange, body, scanned);
    return { answer: renderAnswer(exchange, body), metered };
  } catch (error) {
    keepReported(exchange, metered);
    throw error;
  }
}

function meterAnswer(
  exchange: Exchange,
  body: Buffer,
): { scanned: ScannedObject; metered: Metered } {
  try {
    const scanned = scanJson(body);
    return { scanned, metered: meterWhole(exchange, body, scanned) };
  } catch (error) {
    if (!(error instanceof JsonScanError)) throw error;
    throw new GatewayError(
      'upstream_invalid_response',
      `The upstream's answer is not valid JSON: ${error.message}.`,
      { cause: error },
    );
  }
}

/** An error inside a 200 is the upstream's failure, not an answer (FAI-1, X-31). */
function refuseError(exchange: Exchange, body: Buffer, answer: ScannedObject): void {
  const error = readMember(body, answer, 'error');
  const isText = typeof error === 'string' && error !== '';
  if (isText || isObject(error)) throw reportedFailure(readStreamError(error), exchange);
}

/** What is an answer of no kind is the upstream's failure too, such as an empty object (FAI-1). */
function refuseEmpty({ upstreamFormat }: Exchange, body: Buffer, answer: ScannedObject): void {
  const { answerMembers } = upstreamFormat;
  const isThere = (name: string) => {
    const value = findMember(answer, name)?.value;
    return value !== undefined && (isArrayAt(body, value) || isObjectAt(body, value));
  };
  if (answerMembers.length === 0 || answerMembers.some(isThere)) return;
  const names = answerMembers.map((name) => `\`${name}\``).join(' or ');
  throw new GatewayError('upstream_invalid_response', `The upstream's answer has no ${names}.`);
}

function meterWhole(exchange: Exchange, body: Buffer, answer: ScannedObject): Metered {
  const { upstreamFormat: format } = exchange;
  const parts: Record<string, unknown> = {};
  let providerUsage: string | undefined;
  for (const { key, value } of answer.members) {
    if (!format.usageMembers.includes(key)) continue;
    // Of a list only its length counts; its elements may be megabytes of images.
    if (isArrayAt(body, value)) {
      parts[key] = new Array(scanArray(body, value.start).length);
      continue;
    }
    parts[key] = parseSpan(body, value);
    if (USAGE_MEMBERS.has(key))
      providerUsage = keepReport(body.toString('utf8', value.start, value.end));
  }
  const usage = format.readUsage(parts);
  if (usage === null) return estimateUsage(exchange, { answer: body });
  return { usage, source: 'reported', providerUsage };
}
