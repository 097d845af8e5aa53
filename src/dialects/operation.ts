/** A family of client-facing routes; it decides the shape of errors and of model lists. */
export type SurfaceId = 'openai' | 'anthropic' | 'google';

/** The wire formats whose usage and streams Signalbox reads. */
export type FormatId =
  | 'openai-chat'
  | 'openai-responses'
  | 'openai-completions'
  | 'openai-embeddings'
  | 'openai-images'
  | 'openai-audio'
  | 'anthropic-messages'
  | 'google-generate-content'
  | 'google-embeddings'
  | 'unmetered';

interface OperationFacts {
  surface: SurfaceId;
  format: FormatId;
  /** The route below the version segment; `{model}` where the path names the model. */
  path: string;
  body: 'json' | 'multipart' | 'json-or-multipart';
  /** False where the provider charges nothing: the ledger line says so. */
  billed: boolean;
  /** How its usage is priced; embeddings have a rate of their own. */
  billingKind: 'tokens' | 'embeddings';
}

/**
 * Everything a client can ask for. An operation is one route of one API: its request, answer and
 * stream have one wire format.
 */
export const OPERATIONS = {
  chat: {
    surface: 'openai',
    format: 'openai-chat',
    path: '/chat/completions',
    body: 'json',
    billed: true,
    billingKind: 'tokens',
  },
  responses: {
    surface: 'openai',
    format: 'openai-responses',
    path: '/responses',
    body: 'json',
    billed: true,
    billingKind: 'tokens',
  },
  responses_input_tokens: {
    surface: 'openai',
    format: 'unmetered',
    path: '/responses/input_tokens',
    body: 'json',
    billed: false,
    billingKind: 'tokens',
  },
  completions: {
    surface: 'openai',
    format: 'openai-completions',
    path: '/completions',
    body: 'json',
    billed: true,
    billingKind: 'tokens',
  },
  embeddings: {
    surface: 'openai',
    format: 'openai-embeddings',
    path: '/embeddings',
    body: 'json',
    billed: true,
    billingKind: 'embeddings',
  },
  image_generations: {
    surface: 'openai',
    format: 'openai-images',
    path: '/images/generations',
    body: 'json',
    billed: true,
    billingKind: 'tokens',
  },
  image_edits: {
    surface: 'openai',
    format: 'openai-images',
    path: '/images/edits',
    body: 'json-or-multipart',
    billed: true,
    billingKind: 'tokens',
  },
  image_variations: {
    surface: 'openai',
    format: 'openai-images',
    path: '/images/variations',
    body: 'multipart',
    billed: true,
    billingKind: 'tokens',
  },
  speech: {
    surface: 'openai',
    format: 'openai-audio',
    path: '/audio/speech',
    body: 'json',
    billed: true,
    billingKind: 'tokens',
  },
  transcriptions: {
    surface: 'openai',
    format: 'openai-audio',
    path: '/audio/transcriptions',
    body: 'multipart',
    billed: true,
    billingKind: 'tokens',
  },
  translations: {
    surface: 'openai',
    format: 'openai-audio',
    path: '/audio/translations',
    body: 'multipart',
    billed: true,
    billingKind: 'tokens',
  },
  moderations: {
    surface: 'openai',
    format: 'unmetered',
    path: '/moderations',
    body: 'json',
    billed: false,
    billingKind: 'tokens',
  },
  messages: {
    surface: 'anthropic',
    format: 'anthropic-messages',
    path: '/messages',
    body: 'json',
    billed: true,
    billingKind: 'tokens',
  },
  messages_count_tokens: {
    surface: 'anthropic',
    format: 'unmetered',
    path: '/messages/count_tokens',
    body: 'json',
    billed: false,
    billingKind: 'tokens',
  },
  generate_content: {
    surface: 'google',
    format: 'google-generate-content',
    path: '/models/{model}:generateContent',
    body: 'json',
    billed: true,
    billingKind: 'tokens',
  },
  stream_generate_content: {
    surface: 'google',
    format: 'google-generate-content',
    path: '/models/{model}:streamGenerateContent',
    body: 'json',
    billed: true,
    billingKind: 'tokens',
  },
  count_tokens: {
    surface: 'google',
    format: 'unmetered',
    path: '/models/{model}:countTokens',
    body: 'json',
    billed: false,
    billingKind: 'tokens',
  },
  embed_content: {
    surface: 'google',
    format: 'google-embeddings',
    path: '/models/{model}:embedContent',
    body: 'json',
    billed: true,
    billingKind: 'embeddings',
  },
  batch_embed_contents: {
    surface: 'google',
    format: 'google-embeddings',
    path: '/models/{model}:batchEmbedContents',
    body: 'json',
    billed: true,
    billingKind: 'embeddings',
  },
} as const satisfies Record<string, OperationFacts>;

export type Operation = keyof typeof OPERATIONS;

/** Every operation, in the order declared. */
export const OPERATION_NAMES = Object.keys(OPERATIONS) as Operation[];

/** The facts of an operation, typed alike for all of them. */
export function operationFacts(operation: Operation): OperationFacts {
  return OPERATIONS[operation];
}
