import { createTokenUsage, type TokenUsage } from '../core/token-usage.ts';
import { operationFacts } from '../dialects/operation.ts';
import type { CallContext } from './exchange.ts';
import { readField } from './read-request.ts';
import type { Metered } from './settle.ts';

/** Bytes of text a token, the measure that ranking uses too (README, Routing). */
const BYTES_PER_TOKEN = 4;

/** What passed of an answer whose upstream reported no usage. */
interface Counted {
  /** A whole JSON answer; null where the answer is no text. */
  answer: Buffer | null;
}

/** Usage of a complete answer that came without a report (MON-6). */
export function estimateUsage(context: CallContext, { answer }: Counted): Metered {
  const { operation } = context.call;
  if (!operationFacts(operation).billed) {
    return { usage: null, source: 'none', providerUsage: undefined };
  }
  if (operation === 'speech') return estimateSpeech(context);
  // The length of a recording stands nowhere in its transcript.
  if (answer === null) return { usage: null, source: 'none', providerUsage: undefined };
  const usage = estimateTokens(context.request.body, countText(parse(answer)));
  return { usage, source: 'estimated', providerUsage: undefined };
}

/** Usage of a stream without a report: what the request held, and what content passed. */
export function estimateStreamUsage(requestBody: Buffer, contentBytes: number): TokenUsage {
  return estimateTokens(requestBody, contentBytes);
}

/** Speech is priced by the character of its input, which the request tells exactly. */
function estimateSpeech({ request }: CallContext): Metered {
  const input = readField(request, 'input');
  const usage = createTokenUsage();
  usage.units.character = typeof input === 'string' ? [...input].length : 0;
  return { usage, source: 'estimated', providerUsage: undefined };
}

function estimateTokens(requestBody: Buffer, contentBytes: number): TokenUsage {
  const usage = createTokenUsage();
  usage.tokens.inText = Math.ceil(countText(parse(requestBody)) / BYTES_PER_TOKEN);
  usage.tokens.outText = Math.ceil(contentBytes / BYTES_PER_TOKEN);
  return usage;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // A multipart body: its few text fields do not matter beside its file.
    return undefined;
  }
}

/** UTF-8 bytes of the text inside a JSON value; media as base64 is no text. */
function countText(value: unknown): number {
  if (typeof value === 'string') return isMedia(value) ? 0 : Buffer.byteLength(value);
  if (typeof value !== 'object' || value === null) return 0;
  let bytes = 0;
  for (const child of Object.values(value)) bytes += countText(child);
  return bytes;
}

function isMedia(text: string): boolean {
  return text.startsWith('data:') || (text.length > 1024 && /^[A-Za-z0-9+/_=-]+$/.test(text));
}
