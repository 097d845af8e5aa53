// Clients choose the names of models and sessions, and a terminal obeys control characters.
const CONTROL = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** The text as a terminal can show it without being told to do anything. */
export function printable(text: string): string {
  return text.replace(CONTROL, '\uFFFD');
}
