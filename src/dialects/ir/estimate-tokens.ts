import type { Block, ChatRequest, Tool } from './chat-request.ts';

/** Bytes of text per token until real usage is known; few tokenizers make fewer. */
export const DEFAULT_BYTES_PER_TOKEN = 3.2;

/** Upper bound for the tokens of a turn's own markup. */
const TOKENS_PER_TURN = 8;

/** Tokens of media of unknown size: a large image, a page of a document. */
const TOKENS_PER_IMAGE = 1_100;
const TOKENS_PER_PAGE = 2_000;
const TOKENS_PER_AUDIO_SECOND = 32;
const TOKENS_PER_VIDEO_SECOND = 290;

/** Lower bounds of compressed media, so that the duration is never underestimated. */
const AUDIO_BYTES_PER_SECOND = 4_000;
const VIDEO_BYTES_PER_SECOND = 60_000;
const DOCUMENT_BYTES_PER_PAGE = 20_000;

/**
 * Estimates the tokens of a request, rather too many than too few: clients decide by it when to compact their
 * history.
 */
export function estimateTokens(request: ChatRequest, bytesPerToken: number): number {
  const turns = [{ blocks: request.system as Block[] }, ...request.turns];
  let tokens = 0;
  for (const { blocks } of turns) {
    tokens += TOKENS_PER_TURN;
    for (const block of blocks) tokens += estimateBlock(block, bytesPerToken);
  }
  for (const tool of request.tools) tokens += textTokens(toolText(tool), bytesPerToken);
  const { format } = request.output;
  if (format?.type === 'schema') tokens += textTokens(JSON.stringify(format.schema), bytesPerToken);
  return Math.ceil(tokens);
}

function estimateBlock(block: Block, bytesPerToken: number): number {
  switch (block.type) {
    case 'text':
    case 'refusal':
      return textTokens(block.text, bytesPerToken);
    case 'reasoning':
      return textTokens(block.text + (block.signature?.value ?? ''), bytesPerToken);
    case 'tool_call':
      return textTokens(block.name + block.arguments, bytesPerToken) + TOKENS_PER_TURN;
    case 'tool_result':
      return block.content.reduce(
        (sum, inner) => sum + estimateBlock(inner, bytesPerToken),
        TOKENS_PER_TURN,
      );
    case 'image':
      return TOKENS_PER_IMAGE;
    case 'audio':
      return mediaSeconds(block.source, AUDIO_BYTES_PER_SECOND) * TOKENS_PER_AUDIO_SECOND;
    case 'video':
      return mediaSeconds(block.source, VIDEO_BYTES_PER_SECOND) * TOKENS_PER_VIDEO_SECOND;
    case 'document':
      return block.source.kind === 'text'
        ? textTokens(block.source.text, bytesPerToken)
        : mediaSeconds(block.source, DOCUMENT_BYTES_PER_PAGE) * TOKENS_PER_PAGE;
    case 'server_tool':
      return textTokens(JSON.stringify(block.native.raw), bytesPerToken);
    case 'opaque':
      return textTokens(JSON.stringify(block.raw), bytesPerToken);
  }
}

/** The most seconds, or pages, that media of this size can have; one if its size is not known. */
function mediaSeconds(source: { kind: string; base64?: string }, bytesPerUnit: number): number {
  const bytes = ((source.base64?.length ?? 0) * 3) / 4;
  return Math.max(1, Math.ceil(bytes / bytesPerUnit));
}

function toolText(tool: Tool): string {
  if (tool.type === 'function') {
    return `${tool.name}${tool.description ?? ''}${JSON.stringify(tool.parameters ?? {})}`;
  }
  return tool.type === 'custom'
    ? `${tool.name}${tool.description ?? ''}${JSON.stringify(tool.format ?? {})}`
    : JSON.stringify(tool.native.raw);
}

function textTokens(text: string, bytesPerToken: number): number {
  return Buffer.byteLength(text) / bytesPerToken;
}
