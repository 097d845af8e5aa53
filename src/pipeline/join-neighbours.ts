/**
 * The same bytes in as few parts as they lie in memory. The events of one chunk lie behind each other: a
 * hundred of them then pass as one part, without being copied.
 */
export function joinNeighbours(parts: Buffer[]): Buffer[] {
  const [first] = parts;
  if (first === undefined || parts.length === 1) return parts;
  const joined: Buffer[] = [];
  let run = first;
  let length = 0;
  const close = () => {
    joined.push(Buffer.from(run.buffer as ArrayBuffer, run.byteOffset, length));
  };
  for (const part of parts) {
    if (part.buffer !== run.buffer || part.byteOffset !== run.byteOffset + length) {
      close();
      run = part;
      length = 0;
    }
    length += part.length;
  }
  close();
  return joined;
}
