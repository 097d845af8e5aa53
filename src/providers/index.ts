import { anthropic } from './anthropic.ts';
import { azureOpenai } from './azure-openai.ts';
import { custom } from './custom.ts';
import { google } from './google.ts';
import { mock } from './mock.ts';
import { openai } from './openai.ts';
import type { ProviderType } from './provider-type.ts';
import { vllm } from './vllm.ts';

/** Every kind of upstream, by its word in the config file. A new one is one file and one line. */
export const providerTypes = {
  OPENAI: openai,
  ANTHROPIC: anthropic,
  GOOGLE: google,
  AZURE_OPENAI: azureOpenai,
  VLLM: vllm,
  CUSTOM: custom,
  MOCK: mock,
} satisfies Record<string, ProviderType>;
