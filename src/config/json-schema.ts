import * as z from 'zod';
import { configSchema } from './schema.ts';

const REFERENCE = { type: 'string', pattern: '^os\\.environ/.+$' } as const;

/** The config file as a JSON Schema, for completion and hints in an editor (CLI-10). */
export function createJsonSchema(): unknown {
  const schema = z.toJSONSchema(configSchema, {
    io: 'input',
    reused: 'ref',
    // A setting that only code can judge is not worth a failing editor.
    unrepresentable: 'any',
    override: ({ jsonSchema }) => allowReference(jsonSchema),
  });
  return { ...schema, title: 'Signalbox config' };
}

/** Any scalar may come from the environment, where an editor cannot look. */
function allowReference(schema: z.core.JSONSchema.BaseSchema): void {
  const isClosedText = schema.type === 'string' && (schema.enum ?? schema.pattern) !== undefined;
  const isScalar =
    schema.type === 'number' || schema.type === 'integer' || schema.type === 'boolean';
  if (!isClosedText && !isScalar) return;
  const { description, default: fallback, ...constraint } = schema;
  for (const key of Object.keys(constraint)) delete schema[key];
  schema.anyOf = [constraint, { ...REFERENCE }];
}
