import type { EncodeTarget } from '../dialect.ts';
import type { ChatRequest, OutputControl } from '../ir/chat-request.ts';
import type { JsonObject } from '../json-object.ts';
import { cleanSchema } from '../schema/clean-schema.ts';

/** How a format of the answer is requested. */
export interface OutputPlan {
  /** Members of the generationConfig. */
  config: JsonObject;
  /** Instruction for a model that cannot be held to the format. */
  instruction: string | undefined;
}

const INSTRUCTION =
  'Reply with one JSON value only: no other text before or after it, and no code fence.';

/**
 * Plans the format of the answer; older models take none beside tools.
 * https://ai.google.dev/gemini-api/docs/structured-output
 */
export function planOutput({ output, tools }: ChatRequest, target: EncodeTarget): OutputPlan {
  const { format } = output;
  if (format === undefined || format.type === 'text') return { config: {}, instruction: undefined };
  const { caps, losses } = target;
  const isHeld = caps.structured_outputs && (caps.schema_with_tools || tools.length === 0);
  if (isHeld) return { config: encodeFormat(format, target), instruction: undefined };
  losses.drop('emulated', 'response_format');
  return { config: {}, instruction: describeFormat(format) };
}

type JsonFormat = Exclude<NonNullable<OutputControl['format']>, { type: 'text' }>;

function encodeFormat(format: JsonFormat, { caps }: EncodeTarget): JsonObject {
  const responseMimeType = 'application/json';
  if (format.type === 'json') return { responseMimeType };
  return caps.json_schema_tools
    ? { responseMimeType, responseJsonSchema: cleanSchema(format.schema, 'google-json').schema }
    : { responseMimeType, responseSchema: cleanSchema(format.schema, 'google-openapi').schema };
}

function describeFormat(format: JsonFormat): string {
  if (format.type === 'json') return INSTRUCTION;
  return `${INSTRUCTION} It must match this JSON Schema:\n${JSON.stringify(format.schema)}`;
}
