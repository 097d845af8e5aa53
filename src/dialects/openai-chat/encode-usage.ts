import {
  CACHE_READ_BUCKETS,
  CACHE_WRITE_BUCKETS,
  sumTokens,
  type TokenUsage,
  totalInput,
  totalOutput,
} from '../../core/token-usage.ts';
import type { JsonObject } from '../json-object.ts';

/**
 * The `usage` of a completion: cached, written and media tokens are part of the prompt; reasoning and media are
 * part of the completion.
 */
export function encodeChatUsage({ tokens }: TokenUsage): JsonObject {
  const prompt_tokens = totalInput(tokens);
  const completion_tokens = totalOutput(tokens);
  return {
    prompt_tokens,
    completion_tokens,
    total_tokens: prompt_tokens + completion_tokens,
    prompt_tokens_details: {
      cached_tokens: sumTokens(tokens, CACHE_READ_BUCKETS),
      cache_write_tokens: sumTokens(tokens, CACHE_WRITE_BUCKETS),
      audio_tokens: tokens.inAudio,
      image_tokens: tokens.inImage,
      text_tokens: tokens.inText + tokens.inDocument + tokens.toolPrompt,
      ...unlessZero('video_tokens', tokens.inVideo),
    },
    completion_tokens_details: {
      reasoning_tokens: tokens.reasoning,
      audio_tokens: tokens.outAudio,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
      text_tokens: tokens.outText + tokens.outVideo,
      ...unlessZero('image_tokens', tokens.outImage),
    },
  };
}

function unlessZero(name: string, tokens: number): JsonObject {
  return tokens === 0 ? {} : { [name]: tokens };
}
