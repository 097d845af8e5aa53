import { createTokenUsage, type TokenUsage } from '../core/token-usage.ts';
import { measureText } from '../dialects/measure-text.ts';
import { operationFacts } from '../dialects/operation.ts';
import type { CallContext } from './exchange.ts';
import type { CallRequest } from './read-request.ts';
import { BYTES_PER_TOKEN, measureRequestText } from './request-size.ts';
import type { Metered } from './settle.ts';
import { countCharacters, countImages } from './worst-size.ts';

/** What passed of an answer whose upstream reported no usage. */
interface Counted {
  /** A whole JSON answer; null where the answer is no text. */
  answer: Buffer | null;
}

const UNKNOWN_USAGE: Metered = { usage: null, source: 'none', providerUsage: undefined };

/** Usage of a complete answer that came without a report (MON-6). */
export function estimateUsage(context: CallContext, { answer }: Counted): Metered {
  const { operation } = context.call;
  const { billed, billingKind, format } = operationFacts(operation);
  if (operation === 'speech') return estimateSpeech(context);
  // The length of a recording stands nowhere in its transcript.
  if (!billed || format === 'openai-audio' || answer === null) return UNKNOWN_USAGE;
  const answerBytes = billingKind === 'embeddings' ? 0 : measureText(answer);
  const usage = estimateStreamUsage(context.request, { bytes: answerBytes, events: 0 });
  return { usage, source: 'estimated', providerUsage: undefined };
}

/** The content of an answer that passed, and in how many events it came. */
export interface Passed {
  bytes: number;
  events: number;
}

/**
 * Usage of an answer without a report: what the request held, and what content passed. An event of it is
 * a token at least, however few bytes it has.
 */
export function estimateStreamUsage(request: CallRequest, { bytes, events }: Passed): TokenUsage {
  const usage = createTokenUsage();
  usage.tokens.inText = Math.ceil(measureRequestText(request) / BYTES_PER_TOKEN);
  usage.tokens.outText = Math.max(events, Math.ceil(bytes / BYTES_PER_TOKEN));
  return usage;
}

/** Usage of a request that its upstream took and never answered: what the request tells of it (BUD-6). */
export function estimateUnanswered(context: CallContext): Metered {
  const { call, request } = context;
  const { billed, format } = operationFacts(call.operation);
  if (call.operation === 'speech') return { ...estimateSpeech(context), source: 'partial' };
  // How long a recording is stands nowhere in its request.
  if (!billed || format === 'openai-audio') return UNKNOWN_USAGE;
  const usage = createTokenUsage();
  if (format === 'openai-images') usage.units.image = countImages(request);
  else usage.tokens.inText = Math.ceil(measureRequestText(request) / BYTES_PER_TOKEN);
  return { usage, source: 'partial', providerUsage: undefined };
}

function estimateSpeech({ request }: CallContext): Metered {
  const usage = createTokenUsage();
  usage.units.character = countCharacters(request);
  return { usage, source: 'estimated', providerUsage: undefined };
}
