import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { ROOT } from '../support/start-cli.ts';

/** Larger recordings say nothing that smaller ones do not, and take longer. */
const MAX_SEED_BYTES = 8 * 1024;

/** The recorded files with that ending, as seeds. */
export function readSeeds(ending: RegExp): Buffer[] {
  const folder = join(ROOT, 'test/fixtures');
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((file) => ending.test(file) && statSync(file).size <= MAX_SEED_BYTES)
    .map((file) => readFileSync(file));
}

/** What makes trouble wherever it stands. */
const NASTY = [
  ...['', '\0', '"', '\\', '{', '}', '[', ']', ',', ':', '\n', '\r\n\r\n', 'null', '1e999', '-0'],
  ...['\u2028', '\ud800', '\ufeff', '[DONE]', 'data: ', 'event: error\n', '{"error":{}}'],
  ...['"__proto__":{}', '"constructor":1', '12345678901234567890', '[[[[[[[[', '{"a":{"a":'],
  ...['"model":"m"', '"stream":true', '"usage":null', '"usage":{"prompt_tokens":-1}', '*', '&a'],
].map((text) => Buffer.from(text));

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat({ max: 30 }),
  put: fc.oneof(
    fc.constantFrom(...NASTY),
    fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
  ),
});

/** A seed with a few bytes cut out of it and others put in their place; sometimes only its first part. */
export function mutated(seeds: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const parts = fc.record({
    seed: fc.constantFrom(...seeds),
    edits: fc.array(edit, { maxLength: 4 }),
    end: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 5 }),
  });
  return parts.map(({ seed, edits, end }) => {
    let bytes = seed;
    for (const { at, cut, put } of edits) {
      const start = Math.floor(at * bytes.length);
      bytes = Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(start + cut)]);
    }
    return end === null ? bytes : bytes.subarray(0, Math.floor(end * bytes.length));
  });
}

/** Any JSON in place of any part of a seed that is JSON: well-formed, and wrong in its types. */
export function retyped(seeds: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const documents = seeds.flatMap((seed) => {
    try {
      return [JSON.parse(seed.toString()) as unknown];
    } catch {
      return [];
    }
  });
  const parts = fc.record({
    document: fc.constantFrom(...documents),
    turns: fc.array(fc.nat(), { minLength: 1, maxLength: 6 }),
    value: fc.jsonValue({ maxDepth: 2 }),
  });
  return parts.map(({ document, turns, value }) =>
    Buffer.from(JSON.stringify(replaceAt(document, turns, value)) ?? 'null'),
  );
}

function replaceAt(holder: unknown, [turn, ...rest]: number[], value: unknown): unknown {
  if (turn === undefined || typeof holder !== 'object' || holder === null) return value;
  const keys = Object.keys(holder);
  const key = keys[turn % Math.max(1, keys.length)];
  if (key === undefined) return value;
  const changed = replaceAt(Reflect.get(holder, key), rest, value);
  if (Array.isArray(holder)) return holder.with(Number(key), changed);
  return { ...holder, [key]: changed };
}
