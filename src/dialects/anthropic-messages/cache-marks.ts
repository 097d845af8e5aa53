import { isObject, type JsonObject } from '../json-object.ts';
import type { Losses } from '../losses.ts';

/** https://platform.claude.com/docs/en/build-with-claude/prompt-caching */
const MAX_MARKS = 4;

/** The parts of a request that can hold cache marks, in the order of the prompt. */
export interface MarkedParts {
  tools: JsonObject[];
  system: JsonObject[];
  messages: JsonObject[];
}

/**
 * Removes cache marks beyond the number that the API accepts: the last one of the tools and of the system stay,
 * then the latest of the messages. A one-hour mark behind a five-minute mark becomes a five-minute mark.
 */
export function limitMarks(
  { tools, system, messages }: MarkedParts,
  isWholeMarked: boolean,
  losses: Losses,
): void {
  const [inTools, inSystem] = [marked(tools), marked(system)];
  const inMessages = marked(messages.flatMap(({ content }) => content as JsonObject[]));
  const byWorth = [
    ...inTools.slice(-1),
    ...inSystem.slice(-1),
    ...inMessages.toReversed(),
    ...inSystem.slice(0, -1).toReversed(),
    ...inTools.slice(0, -1).toReversed(),
  ];
  const kept = new Set(byWorth.slice(0, isWholeMarked ? MAX_MARKS - 1 : MAX_MARKS));
  let isShort = false;
  for (const block of [...inTools, ...inSystem, ...inMessages]) {
    if (kept.has(block)) {
      isShort = alignLifetime(block, isShort);
      continue;
    }
    delete block['cache_control'];
    losses.drop('dropped', 'cache_control');
  }
}

function marked(blocks: readonly JsonObject[]): JsonObject[] {
  return blocks.filter((block) => block['cache_control'] !== undefined);
}

/** True from the first mark with the short lifetime on. */
function alignLifetime(block: JsonObject, isShort: boolean): boolean {
  const mark = block['cache_control'];
  if (!isObject(mark) || mark['ttl'] !== '1h') return true;
  if (isShort) block['cache_control'] = { type: 'ephemeral' };
  return isShort;
}
