/** The first bytes of each type, in Latin-1; a dot stands for any byte. */
const MAGIC: readonly (readonly [bytes: RegExp, mime: string])[] = [
  [/^\x89PNG/, 'image/png'],
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^GIF8[79]a/, 'image/gif'],
  [/^RIFF....WEBP/s, 'image/webp'],
  [/^%PDF-/, 'application/pdf'],
  [/^RIFF....WAVE/s, 'audio/wav'],
  [/^(ID3|\xff[\xfb\xf3\xf2\xfa])/, 'audio/mp3'],
  [/^OggS/, 'audio/ogg'],
  [/^fLaC/, 'audio/flac'],
  [/^....ftyp(?!hei|mif|avif|M4A)/s, 'video/mp4'],
  [/^.E\xdf\xa3/s, 'video/webm'],
];

/** This many base64 letters hold at least as many bytes as the longest pattern. */
const LETTERS_NEEDED = 24;

/** The MIME type according to the first bytes; undefined if they match none. */
export function sniffMime(base64: string): string | undefined {
  const head = Buffer.from(base64.slice(0, LETTERS_NEEDED), 'base64').toString('latin1');
  return MAGIC.find(([bytes]) => bytes.test(head))?.[1];
}
