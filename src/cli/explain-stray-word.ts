import { suggest } from '../core/suggest.ts';

/** Commands that work on a config and take no name behind theirs. */
const OF_CONFIG: ReadonlySet<string> = new Set(['serve', 'check', 'doctor', 'init']);

/**
 * What to write in place of a word that is no command: a slip, or a config file that wants `--config` in
 * front. Null where the words make sense as far as this can tell.
 */
export function explainStrayWord(
  words: readonly string[],
  commands: Iterable<string>,
): string | null {
  const [first = '-', second = ''] = words;
  const known = [...commands, 'help'];
  if (known.includes(first)) {
    const isStray = OF_CONFIG.has(first) && isConfigName(second);
    return isStray ? `The file goes behind --config: signalbox ${first} --config ${second}` : null;
  }
  if (first.startsWith('-')) return null;
  if (isConfigName(first)) return `To run that file: signalbox --config ${first}`;
  const guess = suggest(first, known);
  return `There is no command \`${first}\`${guess || '.'}`;
}

function isConfigName(word: string): boolean {
  return /^[^-].*\.(?:ya?ml|json)$/i.test(word);
}
