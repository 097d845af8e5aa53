import { createHash } from 'node:crypto';

/** Small, so that answers are short; models of providers have up to 3,072. */
const DEFAULT_DIMENSIONS = 256;
const MAX_DIMENSIONS = 16_384;

/** The unit vector that a text always has: pseudo-random numbers seeded by its hash, as float32. */
export function embedText(text: string, dimensions: number | null): Float32Array {
  const length = Math.min(Math.max(1, dimensions ?? DEFAULT_DIMENSIONS), MAX_DIMENSIONS);
  const random = createRandom(createHash('sha256').update(text).digest().readUInt32LE());
  const vector = Array.from({ length }, () => random() - 0.5);
  const norm = Math.hypot(...vector);
  return Float32Array.from(vector, (value) => value / norm);
}

/** Mulberry32: https://github.com/cprosche/mulberry32 */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
