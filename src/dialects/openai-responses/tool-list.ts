import type { Tool } from '../ir/chat-request.ts';

/**
 * The tools of a request whose messages bring along more of them. What is the same is found by its name, as a
 * client can send any number.
 */
export interface ToolList {
  /** Adds tools at the end, and takes away those that are the same: what is declared last counts. */
  redeclare(tools: readonly Tool[]): void;
  /** Adds a tool unless the same is there. */
  addNew(tool: Tool): void;
  list(): Tool[];
}

/** A list of the tools that were declared, the same ones too. */
export function createToolList(declared: readonly Tool[]): ToolList {
  const tools = new Set(declared);
  const byKey = new Map<string, Tool[]>();

  const remember = (tool: Tool): void => {
    const key = keyOf(tool);
    if (key === null) return;
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [tool]);
    else same.push(tool);
  };
  const add = (tool: Tool): void => {
    tools.add(tool);
    remember(tool);
  };
  const forget = (tool: Tool): void => {
    const key = keyOf(tool);
    if (key === null) return;
    for (const same of byKey.get(key) ?? []) tools.delete(same);
    byKey.delete(key);
  };
  declared.forEach(remember);
  return {
    redeclare(added) {
      added.forEach(forget);
      added.forEach(add);
    },
    addNew(tool) {
      const key = keyOf(tool);
      if (key === null || !byKey.has(key)) add(tool);
    },
    list: () => [...tools],
  };
}

/** What the same tool has in common; null for one that is known to nobody but its own API. */
function keyOf(tool: Tool): string | null {
  if ('name' in tool) return `name ${tool.name}`;
  return tool.type === 'server' ? `server ${tool.tool}` : null;
}
