import type { ConfigTree } from './config-tree.ts';
import type { Origin } from './env.ts';
import { error, type Finding, type Path, warning } from './finding.ts';
import { isEnvelopeText } from './provider-key-schema.ts';
import { entryPaths, pathKey, textAt } from './tree.ts';

const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'api-key',
  'x-api-key',
  'x-goog-api-key',
]);

const PLAIN_SECRET = 'this secret stands in the file; use os.environ/NAME instead';
const PLAIN_PROVIDER_KEY =
  'this secret stands in the file; use os.environ/NAME, or what `signalbox keys encrypt` prints';

/** How a variable is written elsewhere; a secret that looks like it would be sent as it stands. */
const FOREIGN_REFERENCE =
  /^(?:\$\{?|os\.environ(?:\.|:|\[["']?|\(["']?)|os\.env[./:]|process\.env\.|env[.:/]|%)([A-Z_][A-Z0-9_]*)["'\]})%]*$/;

/** Secrets that stand in the file itself, where backups and repositories keep them (CFG-10), and slips of variables. */
export function checkSecrets(config: ConfigTree): Finding[] {
  const { tree } = config;
  const apiKeys = entryPaths(tree, ['api_keys']).map((path) => [...path, 'key']);
  return [['admin_key'], ...providerSecrets(tree), ...apiKeys, ...headerSecrets(tree)].flatMap(
    (path) => checkSecret(config, path),
  );
}

function checkSecret({ tree, origins }: ConfigTree, path: Path): Finding[] {
  const text = textAt(tree, path);
  const origin = origins.get(pathKey(path));
  if (origin !== undefined) return isWrapped(origin.text) ? [warning(path, wrapped(origin))] : [];
  if (!isLiteral(text)) return [];
  const [, variable] = FOREIGN_REFERENCE.exec(text) ?? [];
  if (variable !== undefined) {
    return [error(path, `looks like a variable; write \`os.environ/${variable}\``)];
  }
  return [warning(path, path[2] === 'keys' ? PLAIN_PROVIDER_KEY : PLAIN_SECRET)];
}

/** A shell takes such quotes away, and what reads a file of variables may not. */
function isWrapped(text: string): boolean {
  return /^["' \t]|["' \t]$/.test(text);
}

function wrapped({ variable }: Origin): string {
  return `the value of ${variable} has quotes or spaces around it, which are taken for a part of the secret`;
}

/** Digests and envelopes give nothing away; a reference left in place is of a disabled provider. */
function isLiteral(text: string | undefined): text is string {
  if (text === undefined || text === '' || isEnvelopeText(text)) return false;
  return !/^(?:sha256:|os\.environ\/)/i.test(text);
}

function providerSecrets(tree: unknown): Path[] {
  return entryPaths(tree, ['providers']).flatMap((path) => {
    // The simulator accepts any key, so none of them opens anything.
    if (textAt(tree, [...path, 'type']) === 'MOCK') return [];
    return entryPaths(tree, [...path, 'keys']).flatMap((key) => [key, [...key, 'key']]);
  });
}

function headerSecrets(tree: unknown): Path[] {
  return ['providers', 'models', 'variants']
    .flatMap((section) => entryPaths(tree, [section]))
    .flatMap((path) => entryPaths(tree, [...path, 'config', 'headers']))
    .filter((path) => SECRET_HEADERS.has(String(path[path.length - 1]).toLowerCase()));
}
