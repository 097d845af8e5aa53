import { createHash } from 'node:crypto';
import type { Tool } from '../ir/chat-request.ts';

/** Stands between namespace and name where there are no namespaces. */
const SEPARATOR = '__';

/** The namespace of tools without one: the API's own word for the top level. */
const TOP_LEVEL = 'functions';

/** Unique names for all tools of a request; other APIs have one flat list of them. */
export interface FlatNames {
  /** Always the same name for the same tool, and different names for different tools. */
  flatten(namespace: string | undefined, name: string): string;
}

/**
 * Names for one request. If `b__c` in `a` and `c` in `a__b` would get the same name, the second gets a hash at
 * its end, so that the name is the same in every turn.
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

/** The members that name the tool of a call as the client declared it; takes the flat name. */
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
