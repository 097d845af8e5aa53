import { type TokenUsage, totalInput } from '../core/token-usage.ts';
import type { Block, ChatRequest } from '../dialects/ir/chat-request.ts';
import { estimateTokens } from '../dialects/ir/estimate-tokens.ts';
import type { Exchange } from './exchange.ts';
import { CHATS } from './serving.ts';
import { decodeOnce } from './translate-request.ts';

/**
 * Learns from reported usage how much text a token of the model holds, where its token counts are
 * estimated here. Other models' calls cost nothing, and the measuring waits until the call is done.
 */
export function learnTokens({ call, request, resolution, runtime }: Exchange, usage: TokenUsage) {
  const { name } = resolution.model;
  const dialect = CHATS[call.operation];
  if (dialect === undefined || !runtime.tokenRatios.isWatched(name)) return;
  setImmediate(() => {
    const { chat } = decodeOnce(request, dialect);
    if (!isText(chat)) return;
    runtime.tokenRatios.record(name, textBytes(chat), totalInput(usage.tokens));
  });
}

/** What estimates count by the byte; all else in them is a sum by itself. */
function textBytes(chat: ChatRequest): number {
  return estimateTokens(chat, 1) - estimateTokens(chat, Number.POSITIVE_INFINITY);
}

/** Media and hidden state have tokens that no byte of the request tells. */
function isText({ turns }: ChatRequest): boolean {
  return turns.every(({ blocks }) => blocks.every(isTextBlock));
}

function isTextBlock(block: Block): boolean {
  if (block.type === 'tool_result') return block.content.every(isTextBlock);
  return block.type === 'text' || block.type === 'refusal' || block.type === 'tool_call';
}
