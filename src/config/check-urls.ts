import type { ConfigTree } from './config-tree.ts';
import { error, type Finding } from './finding.ts';
import { entryPaths, textAt } from './tree.ts';

/** What is copied along with the address of an API, and added to it by each call. */
const ROUTE = /\/(?:chat\/completions|completions|messages|responses|embeddings)$/;

const VERSION_TWICE = /\/(v\d+[a-z0-9]*)\/v\d+[a-z0-9]*$/;

/** Addresses of providers that no call could be sent to. */
export function checkUrls({ tree }: ConfigTree): Finding[] {
  return entryPaths(tree, ['providers']).flatMap((provider) => {
    const path = [...provider, 'base_url'];
    const text = textAt(tree, path) ?? '';
    if (!URL.canParse(text)) return [];
    const end = new URL(text).pathname.replace(/\/+$/, '');
    const [route] = ROUTE.exec(end) ?? [];
    if (route !== undefined) {
      return [
        error(path, `ends in the route \`${route}\`, which each call adds itself; leave it out`),
      ];
    }
    const [, version] = VERSION_TWICE.exec(end) ?? [];
    return version === undefined
      ? []
      : [error(path, `holds the version twice; write /${version} once`)];
  });
}
