import type { Tool } from '../ir/chat-request.ts';

/** What a namespaced tool is called where there are no namespaces. */
const SEPARATOR = '__';

/** The namespace of tools that were given none: the API's own word for the top level. */
const TOP_LEVEL = 'functions';

/** A tool's name among all tools of a request; other APIs have one flat list of them. */
export function flattenName(namespace: string | undefined, name: string): string {
  const isTopLevel = namespace === undefined || namespace === '' || namespace === TOP_LEVEL;
  return isTopLevel ? name : `${namespace}${SEPARATOR}${name}`;
}

/** The members that name the tool of a call as the client declared it, by its flat name. */
export function nameCall(
  flatName: string,
  tools: readonly Tool[],
): { name: string; namespace?: string } {
  const tool = tools.find((declared) => 'name' in declared && declared.name === flatName);
  if (tool === undefined || !('member' in tool) || tool.member === undefined) {
    return { name: flatName };
  }
  return tool.member;
}
