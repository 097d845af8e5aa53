import type { Limit } from '../policies/limit.ts';
import { writeLimits } from './limit-list.ts';
import type { Link } from './link.ts';
import type { OwnerOperations } from './operations.ts';

/** More than most configs have combinations of an API key and a model; beyond them, texts are told again. */
const MOST_KNOWN = 4096;

/** Numbers are used again only after so many others, so that one message never holds two meanings. */
const NUMBERS = 2 * MOST_KNOWN;

/** Tells an owner the text of limits once, and then calls them by a number. */
export function numberLimits(owner: Pick<Link<OwnerOperations>, 'tell'>) {
  const numbers = new Map<string, number>();
  let last = 0;
  return (limits: readonly Limit[]): number => {
    const text = writeLimits(limits);
    const known = numbers.get(text);
    if (known !== undefined) return known;
    if (numbers.size === MOST_KNOWN) numbers.clear();
    last = (last % NUMBERS) + 1;
    numbers.set(text, last);
    owner.tell('limits', [last, text]);
    return last;
  };
}
