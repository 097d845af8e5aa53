import type { FieldNames } from '../losses.ts';

/** What generateContent calls the fields that encoders name otherwise. */
export const fieldNames: FieldNames = {
  frequency_penalty: 'generationConfig.frequencyPenalty',
  logprobs: 'generationConfig.responseLogprobs',
  max_output_tokens: 'generationConfig.maxOutputTokens',
  max_tokens: 'generationConfig.maxOutputTokens',
  messages: 'contents',
  metadata: 'labels',
  modalities: 'generationConfig.responseModalities',
  n: 'generationConfig.candidateCount',
  presence_penalty: 'generationConfig.presencePenalty',
  reasoning: 'generationConfig.thinkingConfig',
  reasoning_effort: 'generationConfig.thinkingConfig.thinkingLevel',
  'reasoning.effort': 'generationConfig.thinkingConfig.thinkingLevel',
  'reasoning.budget': 'generationConfig.thinkingConfig.thinkingBudget',
  response_format: 'generationConfig.responseSchema',
  seed: 'generationConfig.seed',
  stop: 'generationConfig.stopSequences',
  temperature: 'generationConfig.temperature',
  tool_choice: 'toolConfig',
  top_k: 'generationConfig.topK',
  top_p: 'generationConfig.topP',
};
