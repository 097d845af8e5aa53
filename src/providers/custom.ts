import { defineCompatibleType } from './openai-compatible.ts';

/** Any service with an OpenAI-compatible API, or whichever dialects its config names. */
export const custom = defineCompatibleType({
  id: 'CUSTOM',
  dialects: ['openai-chat'],
  // Routers accept names that they do not list, such as OpenRouter's with a suffix.
  lists: 'some',
});
