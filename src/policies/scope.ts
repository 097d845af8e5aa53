/** Whom a limit is for (POL-1), from the widest to the narrowest. */
export const SCOPES = [
  'global',
  'organisation',
  'team',
  'user',
  'api_key',
  'model',
  'endpoint',
] as const;

export type ScopeKind = (typeof SCOPES)[number];

/** One holder of limits. */
export interface Scope {
  readonly kind: ScopeKind;
  /** Its name in the config; empty for the global scope. */
  readonly name: string;
  /** Where its limits stand in the file, such as `api_keys.client-a`; empty for the global scope. */
  readonly path: string;
}

/** The scope of everybody. */
export const GLOBAL_SCOPE: Scope = { kind: 'global', name: '', path: '' };

/** The scope in the words of a message, such as "API key `client-a`". */
export function describeScope({ kind, name }: Scope): string {
  switch (kind) {
    case 'global':
      return 'all calls together';
    case 'api_key':
      return `API key \`${name}\``;
    default:
      return `${kind} \`${name}\``;
  }
}

/** Where a setting of the scope stands in the file. */
export function settingPath({ path }: Scope, setting: string): string {
  return path === '' ? setting : `${path}.${setting}`;
}
