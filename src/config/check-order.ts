import { type Finding, keyError, type Path } from './finding.ts';
import { keysAsWritten, type Locatable } from './locate.ts';
import { entryPaths, mapAt } from './tree.ts';

/** Names that JavaScript puts first in an object, wherever they were written. */
const WHOLE_NUMBER = /^(?:0|[1-9]\d*)$/;

/** Whole numbers as names, where the order decides what a default or a pin is and they would change it. */
export function checkOrder(yaml: Locatable, tree: unknown): Finding[] {
  const keys = entryPaths(tree, ['providers']).map((path) => [...path, 'keys']);
  return [['models'], ['variants'], ...keys].flatMap((path) => checkMap(yaml, tree, path));
}

function checkMap(yaml: Locatable, tree: unknown, path: Path): Finding[] {
  const map = mapAt(tree, path);
  const written = keysAsWritten(yaml, path).filter((name) => Object.hasOwn(map, name));
  const own = new Set(written);
  const kept = Object.keys(map).filter((name) => own.has(name));
  const index = kept.findIndex((name, at) => WHOLE_NUMBER.test(name) && name !== written[at]);
  const name = kept[index];
  if (name === undefined) return [];
  const message = `would count before \`${written[index]}\`, as whole numbers are sorted first: write them first in their order, or add a letter to the name`;
  return [keyError([...path, name], message)];
}
