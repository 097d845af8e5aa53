import type { Finish, FinishReason } from '../ir/stream-part.ts';

/** OpenAI's reasons, then those of servers that are otherwise compatible. */
const DECODED: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  content_filter: 'content_filter',
  // https://docs.mistral.ai/api/#operation/createChatCompletion
  model_length: 'length',
  // Anthropic models behind compatible servers: https://github.com/higress-group/higress/issues/3506
  end_turn: 'stop',
  tool_use: 'tool_calls',
  max_tokens: 'length',
};

/** Facts about the content of a choice that decide how it ended. */
interface ChoiceContent {
  calledTools: boolean;
  refusal: string | undefined;
  isEmpty: boolean;
}

/** Why a choice ended; the content of the choice overrides the upstream's word. */
export function decodeFinish(raw: string | undefined, content: ChoiceContent): Finish {
  // Some servers give no reason: a complete answer with content has then ended normally.
  const word = raw ?? (content.isEmpty ? '' : 'stop');
  const said = DECODED[word] ?? 'other';
  return {
    reason: reconcile(said, content),
    stopSequence: undefined,
    raw,
    detail: content.refusal,
  };
}

function reconcile(said: FinishReason, { calledTools, refusal }: ChoiceContent): FinishReason {
  if (said === 'length' || said === 'content_filter') return said;
  if (calledTools) return 'tool_calls';
  if (refusal !== undefined) return 'refusal';
  return said === 'tool_calls' ? 'stop' : said;
}

const ENCODED: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  stop_sequence: 'stop',
  length: 'length',
  context_exceeded: 'length',
  tool_calls: 'tool_calls',
  content_filter: 'content_filter',
  refusal: 'content_filter',
  pause: 'stop',
  compaction: 'stop',
  malformed: 'stop',
  other: 'stop',
};

/** The `finish_reason` of a choice. */
export function encodeFinish({ reason }: Finish): string {
  return ENCODED[reason];
}
