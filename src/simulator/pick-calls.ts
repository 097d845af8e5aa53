import { asObject } from './json-object.ts';
import type { OrderedCall, Overrides } from './overrides.ts';
import type { Prompt, PromptTool } from './prompt.ts';
import { sampleSchema } from './sample-schema.ts';

/** A call of a client's function. */
export interface ToolCall {
  id: string;
  name: string;
  /** A JSON object as text. */
  argumentsJson: string;
}

/**
 * The calls that answer a prompt: those of directives; else each allowed tool that the user's text names; else,
 * if a call is required, the first allowed tool. None after a tool result.
 */
export function pickCalls(
  prompt: Prompt,
  overrides: Overrides,
  mint: (prefix: string) => string,
): ToolCall[] {
  const { toolChoice } = prompt;
  if (toolChoice.mode === 'none' || prompt.toolResults.length > 0) return [];
  const picked = overrides.calls.length > 0 ? overrides.calls : pickTools(prompt, overrides);
  const allowed = toolChoice.parallel ? picked : picked.slice(0, 1);
  return allowed.map((call) => ({
    id: mint('call_'),
    name: call.name,
    argumentsJson: call.argumentsJson ?? sampleArguments(prompt.tools, call.name),
  }));
}

/** A tool is named if its name occurs as a word in the text. */
function pickTools({ tools, toolChoice }: Prompt, overrides: Overrides): OrderedCall[] {
  const { only, mode } = toolChoice;
  const words = new Set(overrides.userText.match(/[\w-]+/g));
  const allowed = tools.filter(({ name }) => only === null || only.includes(name));
  const named = allowed.filter(({ name }) => words.has(name));
  const picked = named.length > 0 || mode === 'auto' ? named : allowed.slice(0, 1);
  return picked.map(({ name }) => ({ name, argumentsJson: null }));
}

/** A tool that the request does not declare is called without arguments. */
function sampleArguments(tools: readonly PromptTool[], name: string): string {
  const schema = tools.find((tool) => tool.name === name)?.schema;
  return JSON.stringify(asObject(sampleSchema(schema, name)));
}
