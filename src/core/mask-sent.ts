/** Shorter words are a scheme or a version, and stand in any text. */
const MIN_SECRET_LENGTH = 8;

/** A provider's words without what it repeats of the key and the headers that it was sent (SEC-3). */
export function maskSent(text: string, sent: readonly string[]): string {
  const words = sent.flatMap((value) => value.split(/\s+/));
  return words
    .filter((word) => word.length >= MIN_SECRET_LENGTH)
    .toSorted((a, b) => b.length - a.length)
    .reduce((masked, word) => masked.replaceAll(word, '…'), text);
}
