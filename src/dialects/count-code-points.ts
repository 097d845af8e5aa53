/** The number of Unicode code points in a text: the unit of citation offsets. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (const _codePoint of text) count += 1;
  return count;
}
