import type { Block, TextBlock, ToolResultBlock } from '../ir/chat-request.ts';
import { textBlock } from '../ir/text-block.ts';
import { asObjects, asText, type JsonObject } from '../json-object.ts';
import { sourceText } from '../raw-json.ts';
import { invalidField, requireObjects, requireText } from '../read-fields.ts';
import { decodeCitation } from './citations.ts';
import { decodeDocument, decodeImage, decodeSearchResult } from './decode-media.ts';
import { onlyNative, readCacheMark } from './read-wire.ts';
import {
  decodeLoneResult,
  decodeServerTool,
  isServerCall,
  isServerResult,
} from './server-tools.ts';
import { readSignature } from './signatures.ts';

type ReadBlock = (block: JsonObject, path: string) => Block[];

const READERS: Readonly<Record<string, ReadBlock>> = {
  text: (block, path) => [decodeText(block, path)],
  image: (block, path) => [decodeImage(block, path)],
  document: decodeDocument,
  search_result: decodeSearchResult,
  thinking: decodeThinking,
  redacted_thinking: decodeRedacted,
  tool_use: decodeToolUse,
  tool_result: (block, path) => [decodeToolResult(block, path)],
  // It only says which model took over.
  fallback: () => [],
  container_upload: refuse,
  tool_reference: (block, path) => [decodeToolReference(block, path)],
  browser_state: refuse,
  // Read with the tools.
  tool_addition: () => [],
  tool_removal: () => [],
};

/** The content of a message: a string, or blocks of every type that a request may hold. */
export function decodeContent(content: unknown, path: string): Block[] {
  if (typeof content === 'string') return [textBlock(content)];
  const wires = requireObjects(content, path);
  const calls = new Set(wires.filter(isServerCall).map(({ id }) => id));
  const results = new Map(
    wires.filter(isServerResult).map((result) => [result['tool_use_id'], result]),
  );
  return wires.flatMap((wire, index) => {
    if (isServerCall(wire)) return [decodeServerTool(wire, results.get(wire['id']))];
    if (isServerResult(wire)) return calls.has(wire['tool_use_id']) ? [] : [decodeLoneResult(wire)];
    return decodeBlock(wire, `${path}[${index}]`);
  });
}

/** Instructions, as a string or as text blocks; empty ones are dropped. */
export function decodeInstructions(content: unknown, path: string): TextBlock[] {
  return decodeContent(content, path).filter((block): block is TextBlock => {
    if (block.type !== 'text') throw invalidField(path, 'expected only text');
    return block.text !== '';
  });
}

function decodeBlock(block: JsonObject, path: string): Block[] {
  const { type } = block;
  const read = typeof type === 'string' && Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  if (read === undefined) throw invalidField(`${path}.type`, `unknown block \`${String(type)}\``);
  return read(block, path);
}

function refuse(_block: JsonObject, path: string): never {
  throw onlyNative(path);
}

function decodeText(block: JsonObject, path: string): TextBlock {
  const text = requireText(block['text'], `${path}.text`);
  return {
    type: 'text',
    text,
    citations: asObjects(block['citations']).map((citation) => decodeCitation(citation, text)),
    cache: readCacheMark(block['cache_control']),
  };
}

/** A tool that was looked for and found; it is declared from the start elsewhere. */
function decodeToolReference(block: JsonObject, path: string): TextBlock {
  const name = requireText(block['tool_name'], `${path}.tool_name`);
  return { ...textBlock(`Tool available: ${name}`), cache: readCacheMark(block['cache_control']) };
}

/** Without text it is still a block while it is signed. */
function decodeThinking(block: JsonObject): Block[] {
  const text = asText(block['thinking']) ?? '';
  const signature = readSignature(asText(block['signature']) ?? '', 'sig');
  return text === '' && signature === undefined
    ? []
    : [{ type: 'reasoning', kind: 'summary', text, signature }];
}

function decodeRedacted(block: JsonObject): Block[] {
  const signature = readSignature(asText(block['data']) ?? '', 'redacted');
  return [{ type: 'reasoning', kind: 'redacted', text: '', signature }];
}

function decodeToolUse(block: JsonObject, path: string): Block[] {
  return [
    {
      type: 'tool_call',
      id: requireText(block['id'], `${path}.id`),
      name: requireText(block['name'], `${path}.name`),
      arguments: sourceText(block['input'] ?? {}),
      kind: 'function',
      signature: undefined,
      cache: readCacheMark(block['cache_control']),
    },
  ];
}

function decodeToolResult(block: JsonObject, path: string): ToolResultBlock {
  return {
    type: 'tool_result',
    callId: requireText(block['tool_use_id'], `${path}.tool_use_id`),
    name: undefined,
    content: decodeContent(block['content'] ?? [], `${path}.content`).filter((each) =>
      isResultContent(each, path),
    ),
    isError: block['is_error'] === true,
    cache: readCacheMark(block['cache_control']),
  };
}

function isResultContent(block: Block, path: string): block is ToolResultBlock['content'][number] {
  const { type } = block;
  if (type === 'text' || type === 'image' || type === 'document') return true;
  throw invalidField(`${path}.content`, `a tool result cannot hold a \`${type}\` block`);
}
