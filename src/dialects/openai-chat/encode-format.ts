import type { EncodeTarget } from '../dialect.ts';
import type { ChatRequest, OutputControl, TextBlock } from '../ir/chat-request.ts';
import { textBlock } from '../ir/text-block.ts';
import type { JsonObject } from '../json-object.ts';
import { cleanSchema, objectRoot } from '../schema/clean-schema.ts';
import { describeSchema } from '../schema/describe-schema.ts';

type Format = NonNullable<OutputControl['format']>;
type SchemaFormat = Extract<Format, { type: 'schema' }>;

/** How an answer is held to its format: by a member of the request, and if need be by an instruction. */
interface EncodedFormat {
  response_format: JsonObject | undefined;
  instructions: TextBlock[];
}

/** The requested format of the answer. */
export function encodeFormat(request: ChatRequest, target: EncodeTarget): EncodedFormat {
  const { format } = request.output;
  if (format?.type === 'schema') return encodeSchema(format, target);
  if (format?.type !== 'json') return { response_format: undefined, instructions: [] };
  return {
    response_format: { type: 'json_object' },
    // OpenAI refuses JSON mode if the prompt does not mention JSON:
    // https://platform.openai.com/docs/guides/structured-outputs#json-mode
    instructions: mentionsJson(request) ? [] : [textBlock('Reply with one JSON object only.')],
  };
}

function encodeSchema(format: SchemaFormat, { caps, losses }: EncodeTarget): EncodedFormat {
  const isObject = objectRoot(format.schema) !== null;
  if (!caps.structured_outputs || !isObject) {
    losses.drop('emulated', 'response_format');
    return {
      // JSON mode answers with an object, and an object alone.
      response_format: isObject ? { type: 'json_object' } : undefined,
      instructions: [textBlock(describeSchema(format.schema))],
    };
  }
  const { schema, strict } = fitSchema(format, losses);
  const { name = 'response', description } = format;
  const json_schema: JsonObject = {
    name: name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64),
    schema,
    strict,
    ...(description === undefined ? {} : { description }),
  };
  return { response_format: { type: 'json_schema', json_schema }, instructions: [] };
}

/** Strict if that was requested, or left open, and the schema allows it. */
function fitSchema(
  { schema, strict }: SchemaFormat,
  losses: EncodeTarget['losses'],
): { schema: JsonObject; strict: boolean } {
  const cleaned = strict === false ? null : cleanSchema(schema, 'openai-strict');
  if (cleaned?.fitsStrict) return { schema: cleaned.schema, strict: true };
  if (strict === true) losses.drop('dropped', 'response_format.strict');
  return { schema: cleanSchema(schema, 'openai').schema, strict: false };
}

function mentionsJson({ system, turns }: ChatRequest): boolean {
  const blocks = [...system, ...turns.flatMap((turn) => turn.blocks)];
  return blocks.some((block) => block.type === 'text' && /json/i.test(block.text));
}
