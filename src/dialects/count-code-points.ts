/** The number of Unicode code points in a text: what citations are counted in. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (const _codePoint of text) count += 1;
  return count;
}
