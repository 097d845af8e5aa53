import type { EncodeTarget } from '../dialect.ts';
import type { Block, TextBlock, ToolResultBlock, Turn } from '../ir/chat-request.ts';
import { describeServerTool } from '../ir/describe-server-tool.ts';
import { textBlock } from '../ir/text-block.ts';
import type { JsonObject } from '../json-object.ts';
import type { ContentBlock } from './decode-content.ts';
import { encodeAssistant, type MessageTarget, wordOf } from './encode-assistant.ts';
import { encodeContent, joinTexts } from './encode-content.ts';
import { encodeToolResults } from './encode-tool-results.ts';

/** OpenAI allows four breakpoints in a request, one of which it sets itself. */
const MAX_BREAKPOINTS = 3;

/** The messages of a request: instructions first, then the turns. */
export function encodeMessages(
  { system, turns }: { system: readonly TextBlock[]; turns: readonly Turn[] },
  target: MessageTarget,
): JsonObject[] {
  const messages = [
    ...encodeSystem(system, target),
    ...turns.flatMap((turn) => TURNS[turn.role](turn.blocks, target)),
  ];
  limitBreakpoints(messages);
  return messages;
}

const TURNS: Readonly<
  Record<Turn['role'], (blocks: readonly Block[], target: MessageTarget) => JsonObject[]>
> = {
  system: encodeInstructions,
  user: encodeUser,
  assistant: (blocks, target) => [encodeAssistant(blocks, target)],
};

/** Instructions are one message, unless a cache mark must stay between them. */
function encodeSystem(blocks: readonly TextBlock[], target: EncodeTarget): JsonObject[] {
  const said = blocks.filter(({ text }) => text !== '');
  const isMarked = said.some(({ cache }) => cache !== undefined);
  if (isMarked && target.caps.prompt_cache === 'explicit') {
    return said.map((block) => ({ role: roleOf(target), content: encodeContent([block], target) }));
  }
  if (isMarked) target.losses.drop('dropped', 'cache_control');
  return said.length === 0 ? [] : [{ role: roleOf(target), content: joinTexts(said, '\n\n') }];
}

function roleOf({ caps }: EncodeTarget): string {
  return caps.developer_role ? 'developer' : 'system';
}

function encodeInstructions(blocks: readonly Block[], target: MessageTarget): JsonObject[] {
  return encodeSystem(
    blocks.filter((block) => block.type === 'text'),
    target,
  );
}

function encodeUser(blocks: readonly Block[], target: MessageTarget): JsonObject[] {
  const results: ToolResultBlock[] = [];
  const content: ContentBlock[] = [];
  for (const block of blocks) {
    if (block.type === 'tool_result') results.push(block);
    else content.push(asContent(block, target));
  }
  const answers = encodeToolResults(results, target);
  if (content.length === 0) return answers;
  return [...answers, { role: 'user', content: encodeContent(content, target) }];
}

/** The block if a message can hold it; a call of a provider's own tool becomes text. */
function asContent(block: Block, target: EncodeTarget): ContentBlock {
  switch (block.type) {
    case 'text':
    case 'image':
    case 'audio':
    case 'video':
    case 'document':
      return block;
    case 'server_tool':
      return textBlock(describeServerTool(block));
    default:
      throw target.losses.refuse(wordOf(block));
  }
}

/** Keeps the latest cache breakpoints. */
function limitBreakpoints(messages: readonly JsonObject[]): void {
  const marked = messages
    .flatMap(({ content }) => (Array.isArray(content) ? (content as JsonObject[]) : []))
    .filter((part) => part['prompt_cache_breakpoint'] !== undefined);
  for (const part of marked.slice(0, -MAX_BREAKPOINTS)) delete part['prompt_cache_breakpoint'];
}
