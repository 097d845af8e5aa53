import type { Endpoint } from '../catalog/catalog.ts';
import type { DialectId } from '../dialects/dialect.ts';
import type { Operation } from '../dialects/operation.ts';

/** The operations that are a chat in some dialect. */
export const CHATS: Partial<Record<Operation, DialectId>> = {
  chat: 'openai-chat',
  responses: 'openai-responses',
  messages: 'anthropic-messages',
  generate_content: 'google-generate-content',
  stream_generate_content: 'google-generate-content',
};

/** The operation of the other API that an embeddings operation can become. */
const EMBEDDINGS: Partial<Record<Operation, Operation>> = {
  embeddings: 'batch_embed_contents',
  embed_content: 'embeddings',
  batch_embed_contents: 'embeddings',
};

/**
 * How an endpoint serves an operation: as it is, byte for byte, or through the canonical form of
 * another dialect. A provider type lists its dialects in the order in which it is best translated to.
 */
export type Serving =
  | { kind: 'native' }
  | { kind: 'chat'; surface: DialectId; upstream: DialectId }
  /** Through this operation of the other embeddings API. */
  | { kind: 'embeddings'; operation: Operation };

/** The way of an operation, or null where the endpoint cannot give it. */
export function servingOf(endpoint: Endpoint, operation: Operation): Serving | null {
  if (endpoint.operations.has(operation)) return { kind: 'native' };
  const embeddings = EMBEDDINGS[operation];
  if (embeddings !== undefined) {
    return endpoint.operations.has(embeddings)
      ? { kind: 'embeddings', operation: embeddings }
      : null;
  }
  const surface = CHATS[operation];
  if (surface === undefined) return null;
  for (const offered of endpoint.operations) {
    const upstream = CHATS[offered];
    if (upstream !== undefined) return { kind: 'chat', surface, upstream };
  }
  return null;
}

/** The operation by which a chat is asked of an upstream of that dialect. */
export function chatOperation(dialect: DialectId, isStream: boolean): Operation {
  switch (dialect) {
    case 'openai-chat':
      return 'chat';
    case 'openai-responses':
      return 'responses';
    case 'anthropic-messages':
      return 'messages';
    case 'google-generate-content':
      return isStream ? 'stream_generate_content' : 'generate_content';
  }
}
