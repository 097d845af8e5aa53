import type { EncodeTarget } from '../dialect.ts';
import type { ToolResultBlock } from '../ir/chat-request.ts';
import type { JsonObject } from '../json-object.ts';
import { fitToolId } from '../tool-ids.ts';
import type { ContentBlock } from './decode-content.ts';
import { encodePart, textPart } from './encode-content.ts';

/** Media of a tool result: the label in its place, and the part that the label stands for. */
interface MovedMedia {
  label: string;
  part: JsonObject;
}

/**
 * The messages of a batch of tool results. These take only text, so media leaves a label in them and follows in
 * a user message behind the batch.
 */
export function encodeToolResults(
  results: readonly ToolResultBlock[],
  target: EncodeTarget,
): JsonObject[] {
  const moved: MovedMedia[] = [];
  const messages = results.map((result) => encodeToolResult(result, target, moved));
  if (moved.length === 0) return messages;
  const content = moved.flatMap(({ label, part }) => [textPart(label), part]);
  return [...messages, { role: 'user', content }];
}

function encodeToolResult(
  { callId, content, isError }: ToolResultBlock,
  target: EncodeTarget,
  moved: MovedMedia[],
): JsonObject {
  const tool_call_id = fitToolId(callId, 'openai-chat');
  const parts = content.map((block) => encodePart(block, target));
  const hasMedia = parts.some(({ type }) => type !== 'text');
  if (hasMedia && target.caps.multimodal_tool_result) {
    return {
      role: 'tool',
      tool_call_id,
      content: isError ? [textPart('Error:'), ...parts] : parts,
    };
  }
  const counts = new Map<ContentBlock['type'], number>();
  const texts = parts.map((part, index) => {
    const type = content[index]?.type ?? 'text';
    if (part['type'] === 'text') return String(part['text']);
    const count = (counts.get(type) ?? 0) + 1;
    counts.set(type, count);
    const label = `[${type} ${count} of tool result ${tool_call_id}]`;
    moved.push({ label, part });
    return label;
  });
  const text = texts.join('\n');
  return { role: 'tool', tool_call_id, content: isError ? markError(text) : text };
}

/** There is no flag for a failed call, so its text says it. */
function markError(text: string): string {
  return /^error/i.test(text) ? text : `Error: ${text}`;
}
