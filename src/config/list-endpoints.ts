import type { Path } from './finding.ts';
import { listAt, mapAt, textAt } from './tree.ts';

/** Where one endpoint of a model stands in the file: `provider`, `slug` and `key` are below it. */
export interface EndpointPlace {
  path: Path;
  provider: string | undefined;
}

/** The endpoints that a model or variant writes itself, in the short form or in the long one. */
export function listEndpoints(tree: unknown, modelPath: Path): EndpointPlace[] {
  const listed = listAt(tree, [...modelPath, 'endpoints']);
  const paths: Path[] = listed.map((_endpoint, index) => [...modelPath, 'endpoints', index]);
  if (mapAt(tree, modelPath)['provider'] !== undefined) paths.push(modelPath);
  return paths.map((path) => ({ path, provider: textAt(tree, [...path, 'provider']) }));
}
