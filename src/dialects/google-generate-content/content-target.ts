import type { EncodeTarget } from '../dialect.ts';
import type { Turn } from '../ir/chat-request.ts';
import type { ToolNames } from '../tool-names.ts';

/** What the writers of one request's contents share. */
export interface ContentTarget extends EncodeTarget {
  names: ToolNames;
  /** The name of the tool that each call of the history was for, by the call's id. */
  called: ReadonlyMap<string, string>;
}

/** The target with what a conversation tells. */
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
