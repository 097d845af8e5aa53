import { createHash } from 'node:crypto';
import { GatewayError } from '../core/gateway-error.ts';
import type { DialectId } from './dialect.ts';

const MAX_LENGTH = 64;

/** Characters that are not allowed in a tool's name; Google also requires a letter or underscore in front. */
const FORBIDDEN: Readonly<Record<DialectId, RegExp>> = {
  'openai-chat': /[^A-Za-z0-9_-]/g,
  'openai-responses': /[^A-Za-z0-9_-]/g,
  'anthropic-messages': /[^A-Za-z0-9_-]/g,
  'google-generate-content': /[^A-Za-z0-9_.:-]/g,
};

/** Tool names of one request as its upstream accepts them, and the way back. */
export interface ToolNames {
  /** The name for the upstream. */
  fit(name: string): string;
  /** The changed names only: new name → the client's own. */
  readonly changed: ReadonlyMap<string, string>;
}

/** Names for one request; throws 400 for a name that is declared twice. */
export function createToolNames(dialect: DialectId, declared: readonly string[]): ToolNames {
  const seen = new Set<string>();
  const twice = declared.find((name) => seen.size === seen.add(name).size);
  if (twice !== undefined) {
    throw new GatewayError('invalid_request', `The tool \`${twice}\` is declared twice.`, {
      param: 'tools',
    });
  }
  const owners = new Map<string, string>();
  const changed = new Map<string, string>();
  const fit = (name: string): string => {
    const plain = fitName(name, dialect);
    const owner = owners.get(plain) ?? name;
    owners.set(plain, owner);
    const fitted = owner === name ? plain : addHash(plain, name);
    if (fitted !== name) changed.set(fitted, name);
    return fitted;
  };
  // Registered first, so that valid names stay unchanged even if another name sanitizes to the same text.
  for (const name of declared) if (fitName(name, dialect) === name) fit(name);
  return { fit, changed };
}

function fitName(name: string, dialect: DialectId): string {
  let fitted = name.replace(FORBIDDEN[dialect], '_');
  if (dialect === 'google-generate-content' && !/^[A-Za-z_]/.test(fitted)) fitted = `_${fitted}`;
  if (fitted === name && name.length <= MAX_LENGTH) return name;
  return fitted.length <= MAX_LENGTH ? fitted : addHash(fitted, name);
}

/** Adds a hash, so that names which sanitize to the same text stay distinct. */
function addHash(fitted: string, name: string): string {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${fitted.slice(0, MAX_LENGTH - hash.length - 1)}_${hash}`;
}
