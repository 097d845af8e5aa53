/** Files that hold several streams, one behind the other: no provider ever sent them as one. */
export const CONCATENATED_STREAMS = [
  'vercel-ai/anthropic/anthropic-tool-search-regex.1.chunks.txt',
  'vercel-ai/openai/responses/openai-reasoning-encrypted-content.1.chunks.txt',
];

/** A stream that fails before its first content. */
export const FAILED_STREAM = 'vercel-ai/openai/responses/openai-error.1.chunks.txt';

/** An object that is no answer, from a server that says yes to everything. */
export const INVALID_ANSWER = 'cassettes/pydantic/test_openai/test_invalid_response.json#1';

/** True for a recording that a proxy does not, or cannot, pass on and bill like the others. */
export function isOddStream(id: string): boolean {
  return id === FAILED_STREAM || id === INVALID_ANSWER || CONCATENATED_STREAMS.includes(id);
}
