import { createTokenUsage } from '../../core/token-usage.ts';
import { asObject } from '../json-object.ts';
import { readOverrides } from '../overrides.ts';
import type { Prompt } from '../prompt.ts';
import { countParts } from '../prompt-cache.ts';
import { type Call, type PreparedCall, wholeJson } from './handler.ts';
import { readGeminiPrompt } from './read-gemini-prompt.ts';
import { readMessagesPrompt } from './read-messages-prompt.ts';
import { readResponsesPrompt } from './read-responses-prompt.ts';

/** `POST /responses/input_tokens`: what the same request would be billed as input. */
export function countResponseTokens(call: Call): PreparedCall {
  return countPrompt(call, readResponsesPrompt(call.body), (tokens) => ({
    object: 'response.input_tokens',
    input_tokens: tokens,
  }));
}

/** `POST /messages/count_tokens`: https://docs.claude.com/en/api/messages-count-tokens */
export function countMessageTokens(call: Call): PreparedCall {
  return countPrompt(call, readMessagesPrompt(call.body), (tokens) => ({ input_tokens: tokens }));
}

/** `:countTokens`, of contents or of a whole request: https://ai.google.dev/api/tokens */
export function countContentTokens(call: Call): PreparedCall {
  const { generateContentRequest, contents } = call.body;
  const counted = contents === undefined ? asObject(generateContentRequest) : call.body;
  return countPrompt(call, readGeminiPrompt(counted, call.pathModel), (tokens) => ({
    totalTokens: tokens,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: tokens }],
  }));
}

function countPrompt(call: Call, prompt: Prompt, encode: (tokens: number) => object): PreparedCall {
  return {
    model: prompt.model,
    overrides: readOverrides(prompt.userText, call.headers),
    reply: () => wholeJson(encode(countParts(prompt.parts)), createTokenUsage()),
  };
}
