import { defineCompatibleType } from './openai-compatible.ts';

/** Any service with an OpenAI-compatible API, or whichever dialects its config names. */
export const custom = defineCompatibleType('CUSTOM', ['openai-chat']);
