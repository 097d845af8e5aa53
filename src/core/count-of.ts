/** An amount with its noun, as in "1 call" and "2 calls". */
export function countOf(amount: number | bigint, noun: string): string {
  return `${amount} ${noun}${String(amount) === '1' ? '' : 's'}`;
}
