import { createHash } from 'node:crypto';
import type { Tool } from '../ir/chat-request.ts';

/** What a namespaced tool is called where there are no namespaces. */
const SEPARATOR = '__';

/** The namespace of tools that were given none: the API's own word for the top level. */
const TOP_LEVEL = 'functions';

/** Names of tools among all tools of a request; other APIs have one flat list of them. */
export interface FlatNames {
  /** The same name for the same tool, and another for every other. */
  flatten(namespace: string | undefined, name: string): string;
}

/**
 * Names for one request. Where `a__b` in `c` and `b__c` in `a` would be one, who comes second gets a
 * hash behind it, so that the name is the same on every turn.
 */
export function createFlatNames(): FlatNames {
  const owners = new Map<string, string>();
  return {
    flatten(namespace, name) {
      const isTopLevel = namespace === undefined || namespace === '' || namespace === TOP_LEVEL;
      const plain = isTopLevel ? name : `${namespace}${SEPARATOR}${name}`;
      const tool = JSON.stringify(isTopLevel ? [name] : [namespace, name]);
      const owner = owners.get(plain) ?? tool;
      owners.set(plain, owner);
      if (owner === tool) return plain;
      const hash = createHash('sha256').update(tool).digest('hex').slice(0, 8);
      return `${plain}_${hash}`;
    },
  };
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
