import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Envelope } from '../../src/secrets/envelope.ts';

const run = promisify(execFile);

/** The digest of OAEP, twice: OpenSSL's own default is SHA-1. */
const OAEP = ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', 'rsa_mgf1_md:sha256'].flatMap(
  (option) => ['-keyopt', option],
);

/** Whether an OpenSSL 3 with AES-GCM in CMS is installed. */
export async function hasOpenssl(): Promise<boolean> {
  const { stdout } = await run('openssl', ['version']).catch(() => ({ stdout: '' }));
  return /^OpenSSL 3\./.test(stdout);
}

/** Makes a key pair and an envelope with nothing but the OpenSSL command line. */
export async function sealWithOpenssl(folder: string, text: string, keyId: string) {
  const at = (name: string) => join(folder, name);
  const openssl = (...words: string[]) => run('openssl', words);
  const newKey = ['-newkey', 'rsa:2048', '-nodes', '-keyout', at('key.pem')];
  await openssl('req', '-x509', ...newKey, '-out', at('cert.pem'), '-subj', '/CN=test');
  await writeFile(at('text'), text);
  const cms = ['-encrypt', '-binary', '-aes-256-gcm', '-in', at('text'), '-outform', 'DER'];
  await openssl('cms', ...cms, '-out', at('cms.der'), '-recip', at('cert.pem'), ...OAEP);
  const { stdout } = await openssl('asn1parse', '-inform', 'DER', '-in', at('cms.der'));
  const [wrapped, iv, ciphertext, tag] = readParts(await readFile(at('cms.der')), stdout);
  const envelope: Envelope = {
    v: 1,
    alg: 'RSA-OAEP-256/A256GCM',
    keyId,
    wrappedKey: base64(wrapped),
    iv: base64(iv),
    ciphertext: base64(ciphertext, tag),
  };
  return { envelope, privateKey: await readFile(at('key.pem'), 'utf8') };
}

/** The byte strings of an AuthEnvelopedData in their order. https://www.rfc-editor.org/rfc/rfc5083 */
function readParts(der: Buffer, dump: string): Buffer[] {
  const strings = /^ *(\d+):d=\d+ +hl=(\d+) l= *(\d+) prim: (?:OCTET STRING|cont \[ 0 \])/gm;
  return [...dump.matchAll(strings)].map(([, offset, header, length]) => {
    const start = Number(offset) + Number(header);
    return der.subarray(start, start + Number(length));
  });
}

function base64(...parts: (Buffer | undefined)[]): string {
  return Buffer.concat(parts.map((part) => part ?? Buffer.alloc(0))).toString('base64');
}
