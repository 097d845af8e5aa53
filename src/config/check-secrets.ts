import type { ConfigTree } from './config-tree.ts';
import { type Finding, type Path, warning } from './finding.ts';
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

/** Secrets that stand in the file itself, where backups and repositories keep them (CFG-10). */
export function checkSecrets({ tree, origins }: ConfigTree): Finding[] {
  const apiKeys = entryPaths(tree, ['api_keys']).map((path) => [...path, 'key']);
  return [['admin_key'], ...providerSecrets(tree), ...apiKeys, ...headerSecrets(tree)]
    .filter((path) => isLiteral(textAt(tree, path)) && !origins.has(pathKey(path)))
    .map((path) => warning(path, path[2] === 'keys' ? PLAIN_PROVIDER_KEY : PLAIN_SECRET));
}

/** Digests and envelopes give nothing away; a reference left in place is of a disabled provider. */
function isLiteral(text: string | undefined): boolean {
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
