import type { EncodeTarget } from '../dialect.ts';
import type { Turn } from '../ir/chat-request.ts';
import type { ToolNames } from '../tool-names.ts';

/** State that the writers of one request's contents share. */
export interface ContentTarget extends EncodeTarget {
  names: ToolNames;
  /** Id of each call in the history → the name of its tool. */
  called: ReadonlyMap<string, string>;
}

/** The target with the facts of its conversation. */
export function createContentTarget(
  target: EncodeTarget,
  names: ToolNames,
  turns: readonly Turn[],
): ContentTarget {
  const calls = turns.flatMap(({ blocks }) =>
    blocks.flatMap((block) =>
      block.type === 'tool_call' ? [[block.id, block.name] as const] : [],
    ),
  );
  return { ...target, names, called: new Map(calls) };
}
