import { describeServerTool } from '../ir/describe-server-tool.ts';
import { asObject, asObjects, isObject, type JsonObject } from '../json-object.ts';
import { FOREIGN_MARK, FOREIGN_TOOL_ID } from '../reasoning-envelope.ts';
import {
  decodeLoneResult,
  decodeServerTool,
  isServerCall,
  isServerResult,
} from './server-tools.ts';

/**
 * The blocks with the calls that another provider ran as text, and without citations of what it found. The
 * API takes neither results nor citations that it did not encrypt.
 * https://github.com/code-yeongyu/senpi/pull/150
 */
export function tellForeignTools(blocks: readonly unknown[]): unknown[] {
  const foreign = asObjects(blocks).filter(isForeign);
  const calls = new Set(foreign.filter(isServerCall).map(({ id }) => id));
  const results = new Map(
    foreign.filter(isServerResult).map((result) => [result['tool_use_id'], result]),
  );
  return blocks.flatMap((block) => {
    if (!isObject(block)) return [block];
    if (block['type'] === 'text') return [withoutForeignCitations(block)];
    if (!isForeign(block)) return [block];
    if (isServerCall(block)) {
      return [asWords(decodeServerTool(block, results.get(block['id'])))];
    }
    return calls.has(block['tool_use_id']) ? [] : [asWords(decodeLoneResult(block))];
  });
}

function isForeign(block: JsonObject): boolean {
  const id = isServerCall(block) ? block['id'] : block['tool_use_id'];
  return typeof id === 'string' && id.startsWith(FOREIGN_TOOL_ID);
}

function asWords(block: ReturnType<typeof decodeServerTool>): JsonObject {
  return { type: 'text', text: describeServerTool(block) };
}

function withoutForeignCitations(block: JsonObject): JsonObject {
  const { citations, ...rest } = block;
  if (!Array.isArray(citations)) return block;
  const own = citations.filter((citation) => !isForeignCitation(asObject(citation)));
  if (own.length === citations.length) return block;
  return own.length === 0 ? rest : { ...rest, citations: own };
}

function isForeignCitation({ encrypted_index: index }: JsonObject): boolean {
  return typeof index === 'string' && (index === '' || index === FOREIGN_MARK);
}
