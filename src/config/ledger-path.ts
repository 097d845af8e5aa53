import { type Environment, processEnvironment, substituteEnvironment } from './env.ts';
import { parseYaml } from './parse-yaml.ts';
import { DEFAULT_LEDGER_PATH } from './plain-ledger-path.ts';
import { valueAt } from './tree.ts';

/**
 * The ledger's path in a config's text, whatever else is in it: the past can be read without the
 * variables that calls need. Null where the text is no YAML or the path no text.
 */
export function readLedgerPath(
  text: string,
  environment: Environment = processEnvironment,
): string | null {
  const yaml = parseYaml(text);
  if ('problems' in yaml) return null;
  const { tree } = substituteEnvironment(
    { usage: valueAt(yaml.tree, ['usage']) },
    environment,
    text.length,
  );
  const path = valueAt(tree, ['usage', 'file']) ?? DEFAULT_LEDGER_PATH;
  return typeof path === 'string' && !path.startsWith('os.environ/') ? path : null;
}
