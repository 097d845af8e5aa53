import type { ModelEdits } from '../catalog/catalog.ts';
import type { Operation } from '../dialects/operation.ts';
import { findPath, parseSpan } from '../dialects/scan-json.ts';
import type { CallRequest } from './read-request.ts';

/** The measure by which text is turned into tokens before anybody has counted them (ROU-3). */
export const BYTES_PER_TOKEN = 4;

/** How large a call is expected to be, in tokens. */
export interface RequestSize {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** The same, and what the request itself says of it. */
export interface CallSize extends RequestSize {
  /**
   * The most output that the request allows itself, for each answer: the largest of its limits, since
   * nobody knows which of them the upstream reads. Null = it names none.
   */
  readonly outputLimit: number | null;
}

/** Google's API takes both spellings of every name. https://protobuf.dev/programming-guides/json/ */
export const GOOGLE_CONFIGS = ['generationConfig', 'generation_config'];

const GOOGLE_LIMITS = GOOGLE_CONFIGS.flatMap((config) =>
  ['maxOutputTokens', 'max_output_tokens'].map((limit) => [config, limit]),
);

/** Where each operation's body limits its output; for an estimate the first one present counts. */
const OUTPUT_LIMITS: Partial<Record<Operation, readonly (readonly string[])[]>> = {
  chat: [['max_completion_tokens'], ['max_tokens']],
  completions: [['max_tokens']],
  responses: [['max_output_tokens']],
  messages: [['max_tokens']],
  generate_content: GOOGLE_LIMITS,
  stream_generate_content: GOOGLE_LIMITS,
};

/** Expects what the request's text and its own limit say, else `expectedOutputTokens` (ROU-3). */
export function estimateSize(
  request: CallRequest,
  operation: Operation,
  expectedOutputTokens: number,
): CallSize {
  const limits = readOutputLimits(request, operation);
  return {
    inputTokens: Math.ceil(measureRequestText(request) / BYTES_PER_TOKEN),
    // Operations without such a limit make no text that is priced by the token.
    outputTokens: hasOutputLimit(operation) ? (limits[0] ?? expectedOutputTokens) : 0,
    outputLimit: limits.length === 0 ? null : Math.max(...limits),
  };
}

/** True for an operation whose request can limit its output. */
export function hasOutputLimit(operation: Operation): boolean {
  return operation in OUTPUT_LIMITS;
}

/** UTF-8 bytes of the request's text; none of a multipart body, which carries media. */
export function measureRequestText({ json }: CallRequest): number {
  return json === null ? 0 : json.textBytes;
}

function readOutputLimits(request: CallRequest, operation: Operation): number[] {
  const limits: number[] = [];
  for (const path of OUTPUT_LIMITS[operation] ?? []) {
    const limit = readLimit(request, path);
    if (limit !== null) limits.push(limit);
  }
  return limits;
}

/** The output limit that a request names there; null where that is nothing, or no limit. */
export function readLimit({ body, json }: CallRequest, path: readonly string[]): number | null {
  const member = json === null ? undefined : findPath(body, json, path);
  const limit = member === undefined ? Number.NaN : numberOf(parseSpan(body, member.value));
  return Number.isFinite(limit) && limit >= 0 ? wholeCount(limit) : null;
}

/** A count as a whole number that every limit can hold, whatever a request asks for. */
export function wholeCount(count: number): number {
  return Math.min(Math.ceil(count), Number.MAX_SAFE_INTEGER);
}

/** The number that a value is, or holds as text, which some upstreams read as well; else NaN. */
export function numberOf(value: unknown): number {
  const isText = typeof value === 'string' && value.trim() !== '';
  return isText || typeof value === 'number' ? Number(value) : Number.NaN;
}

/** The names by which a model's edits limit its output, in whatever dialect it is spoken to. */
const LIMIT_FIELDS: ReadonlySet<string> = new Set([
  'max_completion_tokens',
  'max_output_tokens',
  'max_tokens',
]);

/** The limit that a model's edits write over the request's, or in its place; null = none. */
export function limitWithEdits(
  { overrides, defaults }: ModelEdits,
  named: number | null,
): number | null {
  const limitOf = (fields: ModelEdits['overrides']) => {
    const found = fields.find(([field]) => LIMIT_FIELDS.has(field));
    const limit = found === undefined ? Number.NaN : Number(found[1]);
    return Number.isFinite(limit) ? limit : null;
  };
  return limitOf(overrides) ?? named ?? limitOf(defaults);
}
