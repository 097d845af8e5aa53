import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { documentName } from '../../src/dialects/document-name.ts';

describe('document name', () => {
  const names = [
    ['Quarterly report', 'application/pdf', 'Quarterly report.pdf'],
    ['report.PDF', 'application/pdf', 'report.PDF'],
    ['notes.v2', 'text/markdown', 'notes.v2.md'],
    [undefined, 'application/rtf', 'document.rtf'],
    [undefined, 'application/pdf', 'document.pdf'],
    ['blob', 'application/x-unheard-of', 'blob'],
  ] as const;
  for (const [title, mime, name] of names) {
    test(`${title ?? 'no title'} of ${mime} is ${name}`, () => {
      assert.equal(documentName(title, mime), name);
    });
  }
});
