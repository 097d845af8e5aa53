import type { DialectId } from './dialect.ts';
import type { Signature } from './ir/chat-request.ts';
import { beginsWith } from './scan-json.ts';

/** The prefix of every envelope, and, behind their own prefix, of the ids of what has no state. */
export const FOREIGN_MARK = 'sbx1';

/** The prefix of the ids that we give to reasoning items. */
export const FOREIGN_ID = `rs_${FOREIGN_MARK}`;

/** The prefix of the ids that we give to calls which another provider ran itself, in Anthropic's API. */
export const FOREIGN_TOOL_ID = `srvtoolu_${FOREIGN_MARK}`;

/** The mark as it looks in an envelope that was encoded as base64 once more. */
const MARK_IN_BASE64 = Buffer.from(`${FOREIGN_MARK}.`).toString('base64').slice(0, 6);

/**
 * True if the string at that position may be state of a provider that speaks another dialect, or the id of
 * such. A request without any such string holds none.
 */
export function mayBeForeignState(json: Buffer, start: number): boolean {
  return (
    beginsWith(json, start, FOREIGN_MARK) ||
    beginsWith(json, start, FOREIGN_ID) ||
    beginsWith(json, start, FOREIGN_TOOL_ID) ||
    beginsWith(json, start, MARK_IN_BASE64)
  );
}

const LETTERS = {
  'openai-chat': 'c',
  'openai-responses': 'r',
  'anthropic-messages': 'a',
  'google-generate-content': 'g',
} as const satisfies Record<DialectId, string>;

const DIALECTS = new Map<string, DialectId>(
  Object.entries(LETTERS).map(([dialect, letter]) => [letter, dialect as DialectId]),
);

const ENVELOPE =
  /^sbx1\.([crag])\.([a-z0-9-]+)\.(sig|redacted|enc|summary\+enc)\.(self|next|prev)\.([A-Za-z0-9_-]*)$/;

/**
 * Opaque reasoning state in a text that names its owner, so that it can travel through a client of another
 * dialect and back without any memory here. It is not secret: its provider has signed or encrypted it.
 */
export function sealSignature({ dialect, family, kind, target, value }: Signature): string {
  const payload = Buffer.from(value).toString('base64url');
  return `${FOREIGN_MARK}.${LETTERS[dialect]}.${family}.${kind}.${target}.${payload}`;
}

/** The state in an envelope, or null for any other text. Removes base64 around the envelope. */
export function openSignature(text: string): Signature | null {
  const match =
    ENVELOPE.exec(text) ?? ENVELOPE.exec(Buffer.from(text, 'base64').toString('latin1'));
  if (match === null) return null;
  const [, letter = '', family = '', kind, target, payload = ''] = match;
  const dialect = DIALECTS.get(letter);
  if (dialect === undefined) return null;
  return {
    dialect,
    family,
    kind: kind as Signature['kind'],
    target: target as Signature['target'],
    value: Buffer.from(payload, 'base64url').toString('utf8'),
  };
}

/** True if the state may be sent to an upstream of that dialect and family. */
export function belongsTo(
  signature: Signature | undefined,
  { dialect, family }: { dialect: DialectId; family: string },
): signature is Signature {
  return signature?.dialect === dialect && signature.family === family;
}
