import type { MediaBlock, ToolResultBlock } from '../ir/chat-request.ts';
import type { JsonObject } from '../json-object.ts';
import { RawJson } from '../raw-json.ts';
import type { ContentTarget } from './content-target.ts';
import { encodeDocument, encodeMedia } from './encode-media.ts';

/**
 * The results of one step: all responses first and together, one for each call, then the media that may
 * not be inside them.
 */
export function encodeToolResults(
  results: readonly ToolResultBlock[],
  target: ContentTarget,
): JsonObject[] {
  const answers = results.map((result) => encodeResult(result, target));
  return [...answers.map(({ answer }) => answer), ...answers.flatMap(({ beside }) => beside)];
}

function encodeResult(
  result: ToolResultBlock,
  target: ContentTarget,
): { answer: JsonObject; beside: JsonObject[] } {
  const { callId, isError } = result;
  const { text, media } = readContent(result, target);
  const isInside = target.caps.multimodal_tool_result && media.length > 0;
  const name = target.called.get(callId) ?? result.name ?? '';
  const functionResponse = {
    ...(target.caps.tool_call_ids && { id: callId }),
    name: target.names.fit(name),
    response: isError ? { error: text } : { output: asValue(text) },
    ...(isInside && { parts: media }),
  };
  return { answer: { functionResponse }, beside: isInside ? [] : media };
}

/** Texts become the response, and everything else a part beside it. */
function readContent(
  { content }: ToolResultBlock,
  target: ContentTarget,
): { text: string; media: JsonObject[] } {
  const parts = content.flatMap((block) => {
    if (block.type === 'text') return [{ text: block.text } as JsonObject];
    return block.type === 'document'
      ? encodeDocument(block, target)
      : [encodeMedia(withoutDetail(block), target)];
  });
  const isText = (part: JsonObject) => typeof part['text'] === 'string';
  return {
    text: parts.flatMap((part) => (isText(part) ? String(part['text']) : [])).join('\n'),
    media: parts.filter((part) => !isText(part)),
  };
}

/** Parts of a response have no resolution. */
function withoutDetail(block: MediaBlock): MediaBlock {
  return { ...block, detail: undefined };
}

/** Objects and lists are passed on as such, with their numbers as written. */
function asValue(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    JSON.parse(text);
    return new RawJson(text);
  } catch {
    return text;
  }
}
