import type { Losses } from '../losses.ts';
import type { ChatRequest, NativeTool, ServerTool, Tool } from './chat-request.ts';

/** Provider tools that agents add to their own on every call, needed or not. */
const DISPENSABLE =
  /^(web_search|web_fetch|code|image_generation|tool_search(_tool_(regex|bm25).*)?)$/;

/**
 * The tools without other providers' tools that this one has no counterpart for, each recorded as a loss. They
 * stay, for the encoder to refuse, if the request depends on them: when they are the only tools, or forced.
 */
export function leaveOutTools(
  { tools, toolChoice }: Pick<ChatRequest, 'tools' | 'toolChoice'>,
  losses: Losses,
  serves: (tool: ServerTool | NativeTool) => boolean,
): Tool[] {
  const hasOwn = tools.some(({ type }) => type === 'function' || type === 'custom');
  if (!hasOwn || toolChoice?.mode === 'server') return tools;
  return tools.filter((tool, index) => {
    if (tool.type === 'function' || tool.type === 'custom' || serves(tool)) return true;
    if (!DISPENSABLE.test(tool.type === 'server' ? tool.tool : tool.word)) return true;
    losses.drop('dropped', `tools[${index}]`);
    return false;
  });
}
