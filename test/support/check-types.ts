import { join } from 'node:path';
import ts from 'typescript';
import type { DialectId } from '../../src/dialects/dialect.ts';
import type { JsonObject } from '../../src/dialects/json-object.ts';

/** A body that a provider was sent, and how to call it when it is wrong. */
export interface SentBody {
  name: string;
  dialect: DialectId;
  body: JsonObject;
}

/**
 * What each provider's own SDK takes as the body of a request. Google's takes camelCase settings and
 * writes the REST body itself, so that body is put together from the SDK's types of its members, with
 * the words of enums in place of the enums.
 */
const TYPES = `
import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import type { ResponseCreateParams } from 'openai/resources/responses/responses';
import type { MessageCreateParams } from '@anthropic-ai/sdk/resources/messages';
import type * as genai from '@google/genai';

type Words<T> = T extends string
  ? \`\${T}\`
  : T extends object
    ? { [Key in keyof T]: Words<T[Key]> }
    : T;
// Translated requests are of version 2023-06-01, the SDK's types of 2026-10-21, which took these out:
// https://platform.claude.com/docs/en/api/versioning
interface Sampling {
  temperature?: number;
  top_p?: number;
  top_k?: number;
}
type MessageBody = MessageCreateParams & Sampling;
interface GenerateContentBody {
  contents: Words<genai.Content>[];
  systemInstruction?: Words<genai.Content>;
  tools?: Words<genai.Tool>[];
  toolConfig?: Words<genai.ToolConfig>;
  safetySettings?: Words<genai.SafetySetting>[];
  generationConfig?: Words<genai.GenerationConfig>;
  serviceTier?: \`\${genai.ServiceTier}\`;
}
`;

const BODY_TYPES: Record<DialectId, string> = {
  'openai-chat': 'ChatCompletionCreateParams',
  'openai-responses': 'ResponseCreateParams',
  'anthropic-messages': 'MessageBody',
  'google-generate-content': 'GenerateContentBody',
};

const FILE = join(import.meta.dirname, 'sent-bodies.ts');

/**
 * Compiles the bodies as literals of their SDK's type: a member that is unknown, missing or of another
 * type is a finding, one a line.
 */
export function checkTypes(bodies: readonly SentBody[]): string[] {
  const text = TYPES + bodies.map(writeLiteral).join('');
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: ['node'],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...rest) =>
    name === FILE
      ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022)
      : getSourceFile(name, ...rest);
  const program = ts.createProgram([FILE], options, host);
  const source = program.getSourceFile(FILE);
  return [
    ...program.getSyntacticDiagnostics(source),
    ...program.getSemanticDiagnostics(source),
  ].map(
    ({ start = 0, messageText }) =>
      `${nameAt(text, start)}: ${ts.flattenDiagnosticMessageText(messageText, ' ').slice(0, 600)}`,
  );
}

function writeLiteral({ name, dialect, body }: SentBody): string {
  return `\n// ${name}\n(${JSON.stringify(body)}) satisfies ${BODY_TYPES[dialect]};\n`;
}

/** The name above the literal at that place. */
function nameAt(text: string, place: number): string {
  const start = text.lastIndexOf('\n// ', place) + 4;
  return text.slice(start, text.indexOf('\n', start));
}
