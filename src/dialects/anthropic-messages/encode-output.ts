import type { ChatRequest } from '../ir/chat-request.ts';
import type { JsonObject } from '../json-object.ts';
import { cleanSchema, objectRoot } from '../schema/clean-schema.ts';
import type { RequestContext } from './request-context.ts';

/** The tool whose input is the answer, for models that cannot be held to JSON in another way. */
const JSON_TOOL = 'json_output';

const INSTRUCTION =
  'Reply with one JSON value only: no code fence, and no text before or behind it.';

/** How the model is made to answer in the requested format. */
export interface OutputPlan {
  /** The API's own output format, if the model supports it. */
  format: JsonObject | undefined;
  /** Otherwise the instruction for the model. */
  instruction: string | undefined;
  /** Otherwise the tool that it must call, if it may be forced to. */
  tool: JsonObject | undefined;
}

/** Plans the format of the answer; throws 400 for a schema whose root is not an object. */
export function planOutput(
  { output: { format } }: ChatRequest,
  { caps, refuse }: RequestContext,
): OutputPlan {
  if (format === undefined || format.type === 'text') {
    return { format: undefined, instruction: undefined, tool: undefined };
  }
  if (format.type === 'json') return emulated({ type: 'object' }, INSTRUCTION);
  const root = objectRoot(format.schema);
  if (root === null) throw refuse('response_format.schema');
  const cleaned = cleanSchema(root, 'anthropic-strict');
  if (caps.structured_outputs && cleaned.fitsStrict) {
    const native = { type: 'json_schema', schema: cleaned.schema };
    return { format: native, instruction: undefined, tool: undefined };
  }
  const schema = cleanSchema(root, 'anthropic').schema;
  return emulated(
    schema,
    `${INSTRUCTION} It must match this JSON Schema:\n${JSON.stringify(schema)}`,
  );
}

function emulated(input_schema: JsonObject, instruction: string): OutputPlan {
  const description = 'Takes the answer. Call it once, with the whole answer as its input.';
  return {
    format: undefined,
    instruction,
    tool: { name: JSON_TOOL, description, input_schema },
  };
}
