/** A provider that `init` knows how to configure. */
export interface StarterProvider {
  /** Its name in the config. */
  name: string;
  type: 'OPENAI' | 'ANTHROPIC' | 'GOOGLE' | 'AZURE_OPENAI' | 'CUSTOM';
  /** The variable of its key; the first one that is set counts. */
  keyVariables: readonly string[];
  /** The variable of its base URL, where every account has its own. */
  urlVariable?: string;
  baseUrl?: string;
  /** A model to begin with, as the provider calls it. */
  model?: string;
}

/** What `init` looks for, in the order that it writes. */
export const STARTER_PROVIDERS: readonly StarterProvider[] = [
  // https://platform.openai.com/docs/models
  { name: 'openai', type: 'OPENAI', keyVariables: ['OPENAI_API_KEY'], model: 'gpt-4.1' },
  // https://platform.claude.com/docs/en/about-claude/models/overview
  {
    name: 'anthropic',
    type: 'ANTHROPIC',
    keyVariables: ['ANTHROPIC_API_KEY'],
    model: 'claude-sonnet-4-5',
  },
  // https://ai.google.dev/gemini-api/docs/models
  {
    name: 'google',
    type: 'GOOGLE',
    keyVariables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
    model: 'gemini-2.5-flash',
  },
  // A slug is the name that the account gave its deployment, so there is no model to begin with.
  // https://learn.microsoft.com/azure/ai-foundry/openai/how-to/create-resource
  {
    name: 'azure',
    type: 'AZURE_OPENAI',
    keyVariables: ['AZURE_OPENAI_API_KEY'],
    urlVariable: 'AZURE_OPENAI_ENDPOINT',
  },
  // https://openrouter.ai/docs/quickstart
  {
    name: 'openrouter',
    type: 'CUSTOM',
    keyVariables: ['OPENROUTER_API_KEY'],
    baseUrl: 'https://openrouter.ai/api/v1',
    model: 'openai/gpt-4o',
  },
  // https://console.groq.com/docs/openai
  {
    name: 'groq',
    type: 'CUSTOM',
    keyVariables: ['GROQ_API_KEY'],
    baseUrl: 'https://api.groq.com/openai/v1',
    model: 'llama-3.3-70b-versatile',
  },
  // https://docs.mistral.ai/api
  {
    name: 'mistral',
    type: 'CUSTOM',
    keyVariables: ['MISTRAL_API_KEY'],
    baseUrl: 'https://api.mistral.ai/v1',
    model: 'mistral-large-latest',
  },
  // https://api-docs.deepseek.com
  {
    name: 'deepseek',
    type: 'CUSTOM',
    keyVariables: ['DEEPSEEK_API_KEY'],
    baseUrl: 'https://api.deepseek.com/v1',
    model: 'deepseek-chat',
  },
  // https://docs.x.ai/docs/api-reference
  {
    name: 'xai',
    type: 'CUSTOM',
    keyVariables: ['XAI_API_KEY'],
    baseUrl: 'https://api.x.ai/v1',
    model: 'grok-4',
  },
  // https://docs.together.ai/docs/openai-api-compatibility
  {
    name: 'together',
    type: 'CUSTOM',
    keyVariables: ['TOGETHER_API_KEY'],
    baseUrl: 'https://api.together.xyz/v1',
    model: 'meta-llama/Llama-3.3-70B-Instruct-Turbo',
  },
];
