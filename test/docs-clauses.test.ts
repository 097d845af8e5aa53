// The clauses of the contract, the regressions, and who names them: a clause that no test names is a promise that
// nobody checks, and an id that stands in no page tells a reader nothing.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ROOT } from './support/start-cli.ts';

const CLAUSE = /\b(?:CLI|CFG|RES|ROU|FAI|KEY|POL|BUD|MON|LED|API|ERR|REL|SEC)-\d+\b|\bX-\d{2}\b/g;

/** A clause is declared where its id begins a row, a point of a list, or the one paragraph of RES-1. */
const DECLARATION = new RegExp(`^(?:\\| |- )?(${CLAUSE.source})`, 'gm');

const declared = ['docs/contract.md', 'docs/regressions.md'].flatMap((page) =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(DECLARATION)].map(([, id = '']) => id),
);

/** Where each id stands in the TypeScript below a folder. */
function citationsIn(folder: string): Map<string, string> {
  const files = readdirSync(join(ROOT, folder), { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((name) => name.endsWith('.ts'));
  return new Map(
    files.flatMap((file) =>
      (readFileSync(join(ROOT, file), 'utf8').match(CLAUSE) ?? []).map((id) => [id, file]),
    ),
  );
}

describe('clauses', () => {
  test('each is declared once', () => {
    assert.ok(declared.length > 150, `found ${declared.length}`);
    assert.deepEqual(
      declared.filter((id, place) => declared.indexOf(id) !== place),
      [],
    );
  });

  test('each is named by a test', () => {
    const named = citationsIn('test');
    assert.deepEqual(
      declared.filter((id) => !named.has(id)),
      [],
    );
  });

  test('code and tests name no other', () => {
    const known = new Set(declared);
    const unknown = ['src', 'test', 'bench', 'scripts']
      .flatMap((folder) => [...citationsIn(folder)])
      .filter(([id]) => !known.has(id));
    assert.deepEqual(unknown, []);
  });
});
