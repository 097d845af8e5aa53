import type { ServerToolBlock } from '../ir/chat-request.ts';
import { asObject, asText, type JsonObject } from '../json-object.ts';
import { GOOGLE, member } from './read-wire.ts';

/** Members of parts that call a tool of Google's → those that answer them. */
const PAIRS = [
  ['executableCode', 'codeExecutionResult'],
  ['toolCall', 'toolResponse'],
] as const;

/** Tools that Google runs, by the type in their calls; others keep their own word. */
const TOOLS: Readonly<Record<string, ServerToolBlock['tool']>> = {
  GOOGLE_SEARCH_WEB: 'web_search',
  URL_CONTEXT: 'web_fetch',
};

/** True for a part of a call or result of a tool that Google ran. */
export function isServerPart(part: JsonObject): boolean {
  return PAIRS.flat().some((name) => member(part, name) !== undefined);
}

/** True if the second part is the result of the first. */
export function isPair(call: JsonObject, result: JsonObject | undefined): boolean {
  return PAIRS.some(
    ([asked, answered]) =>
      member(call, asked) !== undefined &&
      result !== undefined &&
      member(result, answered) !== undefined,
  );
}

/** A tool's call and result, which stay together; one of the two may be missing. */
export function decodeServerParts(parts: readonly JsonObject[]): ServerToolBlock {
  const [code, result, call, response] = PAIRS.flat().map((name) => {
    const part = parts.find((each) => member(each, name) !== undefined);
    return part && asObject(member(part, name));
  });
  const word = asText(member(call ?? response ?? {}, 'toolType'));
  const args = call && member(call, 'args');
  return {
    type: 'server_tool',
    tool: word === undefined ? 'code' : (TOOLS[word] ?? word),
    id: asText((code ?? result ?? call ?? response)?.['id']) ?? '',
    query: asText(code?.['code']) ?? (args === undefined ? '' : JSON.stringify(args)),
    results: [],
    output: asText(result?.['output']) ?? (response && JSON.stringify(response['response'] ?? {})),
    native: { dialect: GOOGLE, raw: [...parts] },
  };
}

/** The pair as parts of an answer; empty for a tool that this API has no counterpart for. */
export function encodeServerParts(block: ServerToolBlock): JsonObject[] {
  const { native, tool, query, output } = block;
  if (native.dialect === GOOGLE) return native.raw as JsonObject[];
  if (tool !== 'code') return [];
  const result = { outcome: 'OUTCOME_OK', output: output ?? '' };
  return [{ executableCode: { language: 'PYTHON', code: query } }, { codeExecutionResult: result }];
}
