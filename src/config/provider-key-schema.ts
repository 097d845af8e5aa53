import * as z from 'zod';
import { ENVELOPE_ALG } from '../secrets/envelope.ts';
import { SealedSecret } from '../secrets/sealed-secret.ts';
import { Secret } from '../secrets/secret.ts';

/** Base64 of that many bytes or more. */
function base64(minBytes: number, maxBytes = Number.POSITIVE_INFINITY) {
  return z.string().refine(
    (text) => {
      const bytes = Buffer.from(text, 'base64');
      return (
        bytes.length >= minBytes && bytes.length <= maxBytes && bytes.toString('base64') === text
      );
    },
    { error: 'is not the base64 that belongs here' },
  );
}

const envelopeSchema = z
  .strictObject({
    v: z.literal(1).describe('Version of the envelope.'),
    alg: z.literal(ENVELOPE_ALG).describe('How it is encrypted.'),
    keyId: z.string().min(1).describe('An entry of encryption.private_keys.'),
    wrappedKey: base64(256).describe('The AES key, encrypted by RSA.'),
    iv: base64(12, 12).describe('Of AES-GCM.'),
    ciphertext: base64(17).describe('The key, encrypted by AES; its last 16 bytes are the tag.'),
  })
  .describe('What `signalbox keys encrypt` prints.');

const sealed = envelopeSchema.transform((envelope) => new SealedSecret(envelope));

/** The secret as it is, or an envelope as one line of JSON, which a variable can hold as well. */
const secretOrEnvelope = z
  .string()
  .min(1)
  .transform((text, context) => {
    if (!isEnvelopeText(text)) {
      // A slip of many secret stores; as a header it could not be sent.
      if (/^[\t\x20-\x7e\x80-\xff]+$/.test(text)) return new Secret(text);
      context.addIssue({ code: 'custom', message: 'holds a line break or control character' });
      return z.NEVER;
    }
    const envelope = envelopeSchema.safeParse(parseJson(text));
    if (envelope.success) return new SealedSecret(envelope.data);
    const message = 'is not an envelope as `signalbox keys encrypt` prints it';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

const secret = z.union([secretOrEnvelope, sealed]);

/** One entry of a provider's `keys`. */
export const providerKeySchema = z
  .union([
    secretOrEnvelope,
    sealed,
    z.strictObject({
      key: secret.describe('The upstream secret, or its envelope.'),
      key_preview: z
        .string()
        .optional()
        .describe('What is shown of an encrypted key, such as sk-…abcd.'),
      revoked: z.boolean().default(false).describe('Set to stop using the key.'),
    }),
  ])
  .transform((entry) =>
    'revoked' in entry ? entry : { key: entry, key_preview: undefined, revoked: false },
  );

/** Whether the text of a key is an envelope in JSON rather than the key. */
export function isEnvelopeText(text: string): boolean {
  return text.trimStart().startsWith('{');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
