import type { EncodeTarget } from '../dialect.ts';
import type { Block, TextBlock, Turn } from '../ir/chat-request.ts';
import type { ToolNames } from '../tool-names.ts';

/** Facts of the request that the parts of its input depend on. */
export interface InputTarget extends EncodeTarget {
  names: ToolNames;
  /** Ids of calls of custom tools: their results are items of another type. */
  customCalls: ReadonlySet<string>;
  /** True for a block that ends a prompt to be cached. */
  isMarked(block: Block): boolean;
}

/** The API allows four breakpoints, one of which it sets itself. */
const MAX_BREAKPOINTS = 3;

/** The target for one request's input. */
export function createInputTarget(
  target: EncodeTarget,
  names: ToolNames,
  conversation: { system: TextBlock[]; turns: Turn[] },
): InputTarget {
  const blocks = [...conversation.system, ...conversation.turns.flatMap((turn) => turn.blocks)];
  const marked = new Set(keepMarks(blocks, target));
  const customCalls = blocks.flatMap((block) =>
    block.type === 'tool_call' && block.kind === 'custom' ? [block.id] : [],
  );
  return {
    ...target,
    names,
    customCalls: new Set(customCalls),
    isMarked: (block) => marked.has(block),
  };
}

/** The latest blocks whose mark can be kept; content of the model cannot be marked. */
function keepMarks(blocks: readonly Block[], { caps, losses }: EncodeTarget): Block[] {
  const marked = blocks.flatMap(withContent).filter((block) => 'cache' in block && block.cache);
  if (marked.length === 0) return [];
  if (caps.prompt_cache === 'explicit') return marked.slice(-MAX_BREAKPOINTS);
  losses.drop('dropped', 'cache_control');
  return [];
}

function withContent(block: Block): Block[] {
  return block.type === 'tool_result' ? [...block.content, block] : [block];
}
