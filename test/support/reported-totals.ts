import { asObject, type JsonObject } from '../../src/dialects/json-object.ts';
import type { Recording } from './recordings.ts';
import type { LedgerLine } from './start-proxy.ts';

/** The tokens of a call, added up in the few ways that every provider reports. */
interface Totals {
  in: number;
  out: number;
  cacheRead: number;
  reasoning: number;
}

/** What a provider's own usage object adds up to, by the shortest way that its API documents. */
export function reportedTotals({ operation, expectedUsage }: Recording): Totals {
  const usage = expectedUsage ?? {};
  if (operation === 'messages') return messageTotals(usage);
  return operation.includes('content') ? googleTotals(usage) : openAiTotals(usage);
}

/** The same from a line of the ledger. */
export function ledgerTotals({ tokens = {} }: LedgerLine): Totals {
  const cacheReads = Object.entries(tokens).filter(([name]) => name.startsWith('cache_read_'));
  return {
    in: count(tokens['in']),
    out: count(tokens['out']),
    cacheRead: cacheReads.reduce((sum, [, read]) => sum + read, 0),
    reasoning: count(tokens['reasoning']),
  };
}

/** xAI's reasoning is no part of its completion, but always of the total. */
function openAiTotals(usage: JsonObject): Totals {
  const input = asObject(usage['prompt_tokens_details'] ?? usage['input_tokens_details']);
  const output = asObject(usage['completion_tokens_details'] ?? usage['output_tokens_details']);
  const total = count(usage['total_tokens']);
  const totalIn = count(usage['prompt_tokens'] ?? usage['input_tokens'] ?? total);
  return {
    in: totalIn,
    out: total - totalIn,
    // Moonshot counts them outside of the details: https://platform.moonshot.ai/docs/api/chat
    cacheRead: count(input['cached_tokens'] ?? usage['cached_tokens']),
    reasoning: count(output['reasoning_tokens']),
  };
}

/** Input that met the cache stands beside the other input. */
function messageTotals(usage: JsonObject): Totals {
  const cacheRead = count(usage['cache_read_input_tokens']);
  const written = count(usage['cache_creation_input_tokens']);
  return {
    in: count(usage['input_tokens']) + cacheRead + written,
    out: count(usage['output_tokens']),
    cacheRead,
    reasoning: count(asObject(usage['output_tokens_details'])['thinking_tokens']),
  };
}

function googleTotals(usage: JsonObject): Totals {
  const totalIn = count(usage['promptTokenCount']) + count(usage['toolUsePromptTokenCount']);
  return {
    in: totalIn,
    out: count(usage['totalTokenCount']) - totalIn,
    cacheRead: count(usage['cachedContentTokenCount']),
    reasoning: count(usage['thoughtsTokenCount']),
  };
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
