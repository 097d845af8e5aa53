import type { ServerToolBlock } from '../ir/chat-request.ts';
import { asObject, asObjects, asText, type JsonObject } from '../json-object.ts';
import { FOREIGN_TOOL_ID } from '../reasoning-envelope.ts';

type Result = ServerToolBlock['results'][number];

/** Tools that Anthropic runs, by the name in their calls; other tools keep their own name. */
const TOOLS: Readonly<Record<string, ServerToolBlock['tool']>> = {
  web_search: 'web_search',
  web_fetch: 'web_fetch',
  code_execution: 'code',
  bash_code_execution: 'code',
  text_editor_code_execution: 'code',
};

/** True for the call of a tool that the provider runs itself. */
export function isServerCall({ type }: JsonObject): boolean {
  return type === 'server_tool_use' || type === 'mcp_tool_use';
}

/** True for the result of such a tool; a bare `tool_result` is a client's. */
export function isServerResult({ type }: JsonObject): boolean {
  return typeof type === 'string' && type !== 'tool_result' && type.endsWith('_tool_result');
}

/** A call of the provider's own tool with its result; a paused answer has no result yet. */
export function decodeServerTool(
  call: JsonObject,
  result: JsonObject | undefined,
): ServerToolBlock {
  const name = asText(call['name']) ?? '';
  return {
    type: 'server_tool',
    tool: TOOLS[name] ?? name,
    id: asText(call['id']) ?? '',
    query: readQuery(asObject(call['input'])),
    results: result === undefined ? [] : readResults(result['content']),
    output: result === undefined ? undefined : readOutput(result['content']),
    native: { dialect: 'anthropic-messages', raw: result === undefined ? [call] : [call, result] },
  };
}

/** A result whose call is in another message: neither may be lost. */
export function decodeLoneResult(result: JsonObject): ServerToolBlock {
  const { type, tool_use_id: id } = result;
  const name = String(type).replace(/_tool_result$/, '');
  const block = decodeServerTool({ id, name }, result);
  return { ...block, native: { ...block.native, raw: [result] } };
}

/** The input of the call, which each tool names differently. */
function readQuery(input: JsonObject): string {
  const asked = ['query', 'url', 'code', 'command', 'pattern'].map((key) => asText(input[key]));
  return asked.find((text) => text !== undefined) ?? '';
}

function readResults(content: unknown): Result[] {
  const pages = Array.isArray(content) ? asObjects(content) : [asObject(content)];
  return pages.flatMap((page) => {
    const url = asText(page['url']);
    if (url === undefined) return [];
    const document = asObject(page['content']);
    const text = asText(asObject(document['source'])['data']);
    const title = asText(page['title']) ?? asText(document['title']) ?? '';
    return text === undefined ? { title, url } : { title, url, text };
  });
}

function readOutput(content: unknown): string | undefined {
  if (Array.isArray(content)) return asTextLines(asObjects(content));
  const {
    stdout,
    stderr,
    text,
    content: file,
    error_code: error,
    tool_references,
  } = asObject(content);
  const printed = [stdout, stderr, text, file, error].flatMap((each) => asText(each) ?? []);
  const references = asObjects(tool_references).flatMap((each) => asText(each['tool_name']) ?? []);
  const lines = [...printed, ...references];
  return lines.length === 0 ? undefined : lines.join('\n');
}

function asTextLines(blocks: readonly JsonObject[]): string | undefined {
  const texts = blocks.flatMap(({ text }) => asText(text) ?? []);
  return texts.length === 0 ? undefined : texts.join('\n');
}

/** The pair as blocks of an answer; empty for a tool that this API has no counterpart for. */
export function encodeServerTool(block: ServerToolBlock, mintId: () => string): JsonObject[] {
  if (block.native.dialect === 'anthropic-messages') return block.native.raw as JsonObject[];
  const id = `${FOREIGN_TOOL_ID}${mintId()}`;
  const caller = { type: 'direct' };
  const call = (name: string, input: JsonObject) => ({
    type: 'server_tool_use',
    id,
    name,
    input,
    caller,
  });
  if (block.tool === 'web_search') {
    return [
      call('web_search', { query: block.query }),
      { type: 'web_search_tool_result', tool_use_id: id, content: writePages(block), caller },
    ];
  }
  if (block.tool !== 'code') return [];
  return [
    call('code_execution', { code: block.query }),
    {
      type: 'code_execution_tool_result',
      tool_use_id: id,
      content: {
        type: 'code_execution_result',
        stdout: block.output ?? '',
        stderr: '',
        return_code: 0,
        content: [],
      },
    },
  ];
}

function writePages({ results }: ServerToolBlock): JsonObject[] {
  return results.map(({ title, url }) => ({
    type: 'web_search_result',
    title,
    url,
    encrypted_content: '',
    page_age: null,
  }));
}
