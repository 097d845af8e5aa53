import type { Limit } from '../policies/limit.ts';

const texts = new WeakMap<readonly Limit[], string>();

/** Limits as text: their ids with their figures, which a reload may change while a call keeps its own. */
export function writeLimits(limits: readonly Limit[]): string {
  const known = texts.get(limits);
  if (known !== undefined) return known;
  const text = limits.map(writeLimit).join('\n');
  texts.set(limits, text);
  return text;
}

function writeLimit(limit: Limit): string {
  const burst = limit.kind === 'bucket' ? limit.burst : '';
  return `${limit.max} ${burst} ${JSON.stringify(limit.id)}`;
}

/** As many as an owner numbers at a time; beyond them, texts are read again. */
const MOST_READ = 4096;

/** Reads limits of the configs that it was told of, the last two. */
export interface LimitReader {
  /** The limits of the text that are known; others no config has any more. */
  read(text: string): readonly Limit[];
  /** From here on these are the config's. */
  know(limits: readonly Limit[]): void;
}

/** A reader that knows no limit. */
export function createLimitReader(): LimitReader {
  let current = new Map<string, Limit>();
  let before = current;
  const lists = new Map<string, readonly Limit[]>();

  const readLine = (line: string): Limit[] => {
    const [max = '', burst = ''] = line.split(' ', 2);
    const id: string = JSON.parse(line.slice(max.length + burst.length + 2));
    const limit = current.get(id) ?? before.get(id);
    if (limit === undefined) return [];
    if (limit.kind === 'calendar') return [{ ...limit, max: BigInt(max) }];
    if (limit.kind === 'bucket') return [{ ...limit, max: Number(max), burst: Number(burst) }];
    return [{ ...limit, max: Number(max) }];
  };
  return {
    read(text) {
      const known = lists.get(text);
      if (known !== undefined) return known;
      const limits = text === '' ? [] : text.split('\n').flatMap(readLine);
      if (lists.size === MOST_READ) lists.clear();
      lists.set(text, limits);
      return limits;
    },
    know(limits) {
      before = current;
      current = new Map(limits.map((limit) => [limit.id, limit]));
      lists.clear();
    },
  };
}
