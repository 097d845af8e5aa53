import type { Operation, SurfaceId } from '../dialects/operation.ts';
import type { TextParts } from '../dialects/splice-parts.ts';
import { editRequest } from './edit-request.ts';
import type { AttemptContext } from './exchange.ts';
import { servingOf } from './serving.ts';
import { translateEmbeddings } from './translate-embeddings.ts';
import { translateRequest } from './translate-request.ts';
import type { Translation } from './translation.ts';

/** A request as one endpoint gets it. */
export interface Outgoing {
  operation: Operation;
  body: TextParts;
  contentType: string;
  /** Empty, or with its question mark. */
  query: string;
  /** Whose headers may pass on; null for a request that is ours, not the client's. */
  surface: SurfaceId | null;
  /** Usage was asked of the upstream by us, so the client must not see it. */
  hidesUsage: boolean;
  /** How the answer becomes the client's; null where it already is. */
  translation: Translation | null;
}

/**
 * Prepares the request: the client's own bytes where the endpoint speaks its dialect, else a translation.
 * A promise only where the translation has to fetch something.
 */
export function prepareOutgoing(attempt: AttemptContext): Outgoing | Promise<Outgoing> {
  const { call, endpoint, request } = attempt;
  const serving = servingOf(endpoint, call.operation);
  if (serving?.kind === 'chat') return translateRequest(attempt, serving);
  if (serving?.kind === 'embeddings') return translateEmbeddings(attempt, serving.operation);
  const { body, hidesUsage } = editRequest(attempt);
  return {
    operation: call.operation,
    body,
    contentType: request.contentType,
    query: call.query,
    surface: call.surface,
    hidesUsage,
    translation: null,
  };
}
