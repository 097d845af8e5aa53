import { type TokenUsage, totalInput, totalOutput } from '../../core/token-usage.ts';

/** Usage of Chat Completions and Completions; `prompt_tokens` includes the cached ones. */
export function encodeChatUsage({ tokens }: TokenUsage): object {
  const prompt = totalInput(tokens);
  const completion = totalOutput(tokens);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: tokens.cacheReadText, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: tokens.reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

/** Usage of Responses; `input_tokens` includes the cached ones. */
export function encodeResponsesUsage({ tokens }: TokenUsage): object {
  const input = totalInput(tokens);
  const output = totalOutput(tokens);
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: tokens.cacheReadText, cache_write_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: tokens.reasoning },
    total_tokens: input + output,
  };
}
