import type { Tool } from '../ir/chat-request.ts';
import { asObject, asObjects, type JsonObject } from '../json-object.ts';
import { decodeTool } from './decode-tools.ts';

// Claude Code loads tools when they are looked for: its messages name those that came and went. All of
// them are declared in `tools`, but for those that a message brings along itself.
// https://platform.claude.com/docs/en/agents-and-tools/tool-use/tool-search-tool
// https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages

/** How the tools of a request changed in mid-conversation. */
export interface ToolChanges {
  /** Those that a message defined. */
  defined: Tool[];
  /** Places where a tool was only named: other APIs offer a tool all the time or not at all. */
  named: string[];
}

/** Reads the changes from the messages, and from a compaction that stands for earlier ones. */
export function readToolChanges(messages: unknown): ToolChanges {
  const changes: ToolChanges = { defined: [], named: [] };
  for (const [index, { content }] of asObjects(messages).entries()) {
    readBlocks(content, `messages[${index}].content`, changes);
  }
  return changes;
}

function readBlocks(blocks: unknown, path: string, changes: ToolChanges): void {
  for (const [index, block] of asObjects(blocks).entries()) {
    const place = `${path}[${index}]`;
    if (block['type'] === 'compaction') {
      readBlocks(block['tool_changes'], `${place}.tool_changes`, changes);
    } else if (block['type'] === 'tool_addition' || block['type'] === 'tool_removal') {
      readChange(asObject(block['tool']), place, changes);
    }
  }
}

function readChange({ type, definition }: JsonObject, path: string, changes: ToolChanges): void {
  if (type !== 'tool_definition') changes.named.push(path);
  else changes.defined.push(decodeTool(asObject(definition), `${path}.tool.definition`));
}

/** The tools of a request, each as it was defined last; found by its name, as a client can send any number. */
export function mergeTools(declared: readonly Tool[], defined: readonly Tool[]): Tool[] {
  const merged = [...declared];
  const places = new Map<string | undefined, number>();
  const note = (tool: Tool, place: number): void => {
    const name = nameOf(tool);
    if (name !== undefined && !places.has(name)) places.set(name, place);
  };
  merged.forEach(note);
  for (const tool of defined) {
    const known = places.get(nameOf(tool));
    if (known === undefined) note(tool, merged.push(tool) - 1);
    else merged[known] = tool;
  }
  return merged;
}

function nameOf(tool: Tool): string | undefined {
  return 'name' in tool ? tool.name : undefined;
}
