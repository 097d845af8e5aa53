import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  audioFormat,
  audioMime,
  mimeOf,
  parseMediaUrl,
  toDataUrl,
} from '../../src/dialects/media-source.ts';
import { sniffMime } from '../../src/dialects/sniff-mime.ts';

describe('parseMediaUrl', () => {
  const CASES: [url: string, mime: string | undefined, base64: string][] = [
    ['data:image/png;base64,iVBORw0KGgo=', 'image/png', 'iVBORw0KGgo='],
    ['DATA:Image/JPG;name=x;BASE64,/9j/', 'image/jpeg', '/9j/'],
    ['data:;base64,JVBERi0=', undefined, 'JVBERi0='],
    ['data:image/png;base64,iVBO\r\n Rw0K%3D', 'image/png', 'iVBORw0K='],
    ['data:text/plain;charset=utf-8,Gr%C3%BC%C3%9Fe', 'text/plain', 'R3LDvMOfZQ=='],
    ['data:image/svg+xml,<svg>ü</svg>', 'image/svg+xml', 'PHN2Zz7DvDwvc3ZnPg=='],
    ['data:,%ff%00', undefined, '/wA='],
    ['data:,100%', undefined, 'MTAwJQ=='],
  ];
  for (const [url, mime, base64] of CASES) {
    test(`${url} is read to its bytes`, () => {
      assert.deepEqual(parseMediaUrl(url), { kind: 'base64', mime, base64 });
    });
  }

  test('other URLs stay URLs (X-41, X-42)', () => {
    for (const url of ['https://example.org/a.png', 'gs://bucket/clip.mp4']) {
      assert.deepEqual(parseMediaUrl(url), { kind: 'url', url, mime: undefined });
    }
  });

  test('a data URL without a comma is refused', () => {
    assert.throws(() => parseMediaUrl('data:image/png;base64'), { code: 'invalid_request' });
  });

  test('writing a source and reading it gives it back', () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.constantFrom('image/png', 'application/pdf'),
        (bytes, mime) => {
          const base64 = Buffer.from(bytes).toString('base64');
          const source = { kind: 'base64', mime, base64 } as const;
          assert.deepEqual(parseMediaUrl(toDataUrl(source)), source);
        },
      ),
    );
  });

  test('bytes that are percent-encoded come back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const encoded = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
        assert.deepEqual(parseMediaUrl(`data:,${encoded}`), {
          kind: 'base64',
          mime: undefined,
          base64: Buffer.from(bytes).toString('base64'),
        });
      }),
    );
  });
});

describe('mimeOf', () => {
  const HEADS: [mime: string, bytes: string][] = [
    ['image/png', '\x89PNG\r\n\x1a\n'],
    ['image/jpeg', '\xff\xd8\xff\xe0'],
    ['image/gif', 'GIF89a'],
    ['image/webp', 'RIFF\n\n\n\nWEBPVP8 '],
    ['application/pdf', '%PDF-1.7'],
    ['audio/wav', 'RIFF\0\0\0\0WAVEfmt '],
    ['audio/mp3', 'ID3\x04'],
    ['audio/mp3', '\xff\xfb\x90'],
    ['audio/ogg', 'OggS\0'],
    ['audio/flac', 'fLaC\0'],
    ['video/mp4', '\0\0\0\x20ftypisom'],
    ['video/webm', '\x1a\x45\xdf\xa3'],
  ];
  for (const [mime, bytes] of HEADS) {
    test(`${JSON.stringify(bytes)} begins ${mime}`, () => {
      const base64 = Buffer.from(`${bytes}${'x'.repeat(40)}`, 'latin1').toString('base64');
      assert.equal(sniffMime(base64), mime);
      assert.equal(mimeOf({ kind: 'base64', mime: undefined, base64 }), mime);
      assert.equal(mimeOf({ kind: 'base64', mime: 'text/plain', base64 }), 'text/plain');
    });
  }

  test('bytes of no known kind tell nothing, and travel as such', () => {
    const source = { kind: 'base64', mime: undefined, base64: 'aGVsbG8=' } as const;
    assert.equal(mimeOf(source), undefined);
    assert.equal(toDataUrl(source), 'data:application/octet-stream;base64,aGVsbG8=');
  });

  test('URLs are told by their ending, parameters apart', () => {
    const at = (url: string) => mimeOf({ kind: 'url', url, mime: undefined });
    assert.equal(at('https://example.org/a/b.PDF?x=1.png#p'), 'application/pdf');
    assert.equal(at('gs://bucket/clip.mp4'), 'video/mp4');
    assert.equal(at('https://example.org/photo'), undefined);
    assert.equal(at('https://example.org'), undefined);
  });

  test('SEC-6: the ending of an address of many kilobytes is found at once', () => {
    const startedMs = performance.now();
    const url = `https://example.org/${'.a'.repeat(500_000)}/`;
    assert.equal(mimeOf({ kind: 'url', url, mime: undefined }), undefined);
    assert.ok(performance.now() - startedMs < 2_000);
  });

  test('SEC-6: an ending or a type that every object has as a member is none', () => {
    const url = 'https://example.org/a.constructor';
    assert.equal(mimeOf({ kind: 'url', url, mime: undefined }), undefined);
    assert.equal(mimeOf({ kind: 'url', url, mime: 'constructor' }), 'constructor');
  });

  test('a type is known by all its names', () => {
    assert.equal(mimeOf({ kind: 'url', url: 'x', mime: 'Image/JPG; q=1' }), 'image/jpeg');
  });
});

describe('audio formats', () => {
  test('wav and mp3 have a MIME type and are known by it', () => {
    assert.equal(audioMime('wav'), 'audio/wav');
    assert.equal(audioMime('mp3'), 'audio/mp3');
    assert.equal(audioFormat('audio/mpeg'), 'mp3');
    assert.equal(audioFormat('audio/x-wav'), 'wav');
    assert.equal(audioFormat('audio/ogg'), undefined);
    assert.equal(audioFormat(undefined), undefined);
  });
});
