import { measureText } from '../dialects/measure-text.ts';
import type { Operation } from '../dialects/operation.ts';
import { findPath, parseSpan } from '../dialects/splice-json.ts';
import type { CallRequest } from './read-request.ts';

/** The measure by which text is turned into tokens before anybody has counted them (ROU-3). */
export const BYTES_PER_TOKEN = 4;

/** How large a call is expected to be, in tokens. */
export interface RequestSize {
  inputTokens: number;
  outputTokens: number;
}

/** Where each operation's body limits its output; the first one present counts. */
const OUTPUT_LIMITS: Partial<Record<Operation, readonly (readonly string[])[]>> = {
  chat: [['max_completion_tokens'], ['max_tokens']],
  completions: [['max_tokens']],
  responses: [['max_output_tokens']],
  messages: [['max_tokens']],
  generate_content: [['generationConfig', 'maxOutputTokens']],
  stream_generate_content: [['generationConfig', 'maxOutputTokens']],
};

/** Expects what the request's text and its own limit say, else `expectedOutputTokens` (ROU-3). */
export function estimateSize(
  request: CallRequest,
  operation: Operation,
  expectedOutputTokens: number,
): RequestSize {
  const limits = OUTPUT_LIMITS[operation];
  return {
    inputTokens: Math.ceil(measureRequestText(request) / BYTES_PER_TOKEN),
    // Operations without such a limit make no text that is priced by the token.
    outputTokens: limits ? (readLimit(request, limits) ?? expectedOutputTokens) : 0,
  };
}

/** UTF-8 bytes of the request's text; none of a multipart body, which carries media. */
export function measureRequestText(request: CallRequest): number {
  return request.json === null ? 0 : measureText(request.body);
}

function readLimit(
  { body, json }: CallRequest,
  paths: readonly (readonly string[])[],
): number | undefined {
  if (json === null) return undefined;
  for (const path of paths) {
    const member = findPath(body, json, path);
    const limit = member && parseSpan(body, member.value);
    if (typeof limit === 'number' && Number.isFinite(limit) && limit >= 0) return limit;
  }
  return undefined;
}
