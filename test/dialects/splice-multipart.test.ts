import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { applySplices } from '../../src/dialects/splice-json.ts';
import { findMultipartFields, multipartBoundary } from '../../src/dialects/splice-multipart.ts';

/** A form as fetch would send it. */
async function encode(form: FormData): Promise<{ body: Buffer; contentType: string }> {
  const response = new Response(form);
  return {
    body: Buffer.from(await response.arrayBuffer()),
    contentType: response.headers.get('content-type') ?? '',
  };
}

function replaceModel(body: Buffer, contentType: string, slug: string): Buffer {
  const boundary = multipartBoundary(contentType);
  assert.ok(boundary);
  const splices = findMultipartFields(body, boundary, 'model').map((span) => ({
    span,
    text: slug,
  }));
  return applySplices(body, splices);
}

describe('splice-multipart', () => {
  test('SEC-6: a boundary longer than any client’s is none, as its search could take minutes', () => {
    const named = (length: number) => `multipart/form-data; boundary=${'a'.repeat(length)}`;
    assert.equal(multipartBoundary(named(70)), 'a'.repeat(70));
    assert.equal(multipartBoundary(named(71)), undefined);
  });

  test('RES-6: only the model field changes, for any other fields and any file before or behind it', async () => {
    const field = fc.tuple(
      fc.stringMatching(/^[a-z_]{1,12}$/).filter((name) => name !== 'model'),
      fc.string(),
    );
    const part = fc.oneof(
      field,
      fc.uint8Array().map((bytes) => ['file', bytes] as const),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 4 }),
        fc.array(part, { maxLength: 4 }),
        fc.string({ minLength: 1 }),
        async (before, after, model) => {
          const form = new FormData();
          const add = ([name, value]: readonly [string, string | Uint8Array]) =>
            typeof value === 'string'
              ? form.append(name, value)
              : form.append(name, new File([Buffer.from(value)], 'model.wav'));
          before.forEach(add);
          form.append('model', model);
          after.forEach(add);
          const { body, contentType } = await encode(form);
          const spliced = replaceModel(body, contentType, 'the-slug');
          const read = await new Response(spliced, {
            headers: { 'content-type': contentType },
          }).formData();
          form.set('model', 'the-slug');
          const values = async (each: FormData) =>
            Promise.all(
              [...each.entries()].map(async ([name, value]) => [
                name,
                typeof value === 'string'
                  ? value
                  : Buffer.from(await value.arrayBuffer()).toString('hex'),
              ]),
            );
          const bySortedName = (rows: unknown[]) => rows.map(String).sort();
          assert.deepEqual(bySortedName(await values(read)), bySortedName(await values(form)));
          assert.equal(
            spliced.length - 'the-slug'.length,
            body.length - Buffer.byteLength(lineEnds(model)),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  test('a file whose field is called model is no model', async () => {
    const form = new FormData();
    form.append('model', new File(['x'], 'x.bin'));
    const { body, contentType } = await encode(form);
    assert.ok(replaceModel(body, contentType, 'slug').equals(body));
  });

  test('a broken body has no fields, and is left as it is', () => {
    for (const text of [
      '',
      '--b',
      '--b\r\nfoo',
      '--b\r\ncontent-disposition: form-data; name="model"\r\n\r\nx',
    ]) {
      assert.deepEqual(findMultipartFields(Buffer.from(text), 'b', 'model'), []);
    }
  });

  test('quoted and bare boundaries are read', () => {
    assert.equal(multipartBoundary('multipart/form-data; boundary=abc; charset=x'), 'abc');
    assert.equal(multipartBoundary('multipart/form-data; boundary="a b"'), 'a b');
    assert.equal(multipartBoundary('multipart/form-data'), undefined);
  });
});

/** FormData writes every line end as CRLF. */
function lineEnds(text: string): string {
  return text.replace(/\r\n|\r|\n/g, '\r\n');
}
