import { createHash } from 'node:crypto';
import type { ApiKeyConfig } from '../config/api-key-schema.ts';
import type { Config } from '../config/schema.ts';
import type { ApiKey } from './catalog.ts';
import type { CallerRules } from './compile-caller-rules.ts';

/** The API keys in the order declared, or null for open mode: no `api_keys` in the file (KEY-2). */
export function compileApiKeys(
  { api_keys: apiKeys }: Config,
  callers: CallerRules,
): ApiKey[] | null {
  if (apiKeys === undefined) return null;
  return Object.entries(apiKeys).map(([name, apiKey]) => ({
    name,
    digest: digestOf(apiKey.key.reveal()),
    grants: compileGrants(apiKey),
    organisation: apiKey.organisation ?? null,
    team: apiKey.team ?? null,
    user: apiKey.user ?? null,
    namespace: apiKey.namespace,
    expiresAt: apiKey.expires_at ?? null,
    revoked: apiKey.revoked,
    rules: callers.ofKey(name, apiKey),
    allowsUnpriced: apiKey.unpriced === 'allow',
  }));
}

/** The SHA-256 of a key that is written plainly, or as `sha256:` and its digest. */
export function digestOf(key: string): Buffer {
  const [, hex] = /^sha256:(.*)$/i.exec(key) ?? [];
  return hex === undefined ? createHash('sha256').update(key).digest() : Buffer.from(hex, 'hex');
}

function compileGrants({ models, denied_models: denied }: ApiKeyConfig): ApiKey['grants'] {
  const isGranted = compilePatterns(models);
  const isDenied = compilePatterns(denied);
  return (model) => isGranted(model) && !isDenied(model);
}

/** Names, and prefixes that end in `*`. */
function compilePatterns(patterns: readonly string[]): (name: string) => boolean {
  const names = new Set(patterns);
  const prefixes = patterns.filter((each) => each.endsWith('*')).map((each) => each.slice(0, -1));
  return (name) => names.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}
