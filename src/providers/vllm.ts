import { defineCompatibleType } from './openai-compatible.ts';

/** A vLLM server. https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html */
export const vllm = defineCompatibleType({
  id: 'VLLM',
  dialects: ['openai-chat', 'openai-responses'],
  lists: 'all',
});
