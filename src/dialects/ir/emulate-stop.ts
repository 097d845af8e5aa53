import type { StreamStep } from '../dialect.ts';
import type { StreamPart } from './stream-part.ts';

/** Every API that takes stop strings takes this many; encoders leave the others to the emulation. */
export const MAX_NATIVE_STOPS = 4;

/** State of one choice's text. */
interface ChoiceText {
  /** The open block is visible text, the only kind that is searched. */
  isText: boolean;
  /** Text that may be the beginning of a stop string. */
  held: string;
  heldLogprobs: unknown[];
  isStopped: boolean;
}

interface Match {
  start: number;
  stop: string;
}

/**
 * Ends each choice at the first stop string in its text, as an upstream that supports them would: the string is
 * cut off, the finish names it, and everything after it is dropped. Text is held back only while it may begin a
 * stop string. No string is found across the end of a block. An error after every choice was stopped is dropped
 * too.
 */
export function createStopEmulation(stops: string[]): StreamStep<StreamPart, StreamPart> {
  const wanted = stops.filter((stop) => stop !== '');
  const choices = new Map<number, ChoiceText>();

  function choiceAt(index: number): ChoiceText {
    let choice = choices.get(index);
    if (choice === undefined) {
      choice = { isText: false, held: '', heldLogprobs: [], isStopped: false };
      choices.set(index, choice);
    }
    return choice;
  }

  function isOver(): boolean {
    return choices.size > 0 && [...choices.values()].every(({ isStopped }) => isStopped);
  }

  return {
    push(part) {
      if (!('choice' in part)) return part.type === 'error' && isOver() ? [] : [part];
      const choice = choiceAt(part.choice);
      if (choice.isStopped) return [];
      if (part.type === 'block_start') choice.isText = part.block.type === 'text';
      if (part.type !== 'delta' || !choice.isText) return [...release(part.choice, choice), part];
      return search(part, choice, wanted);
    },
    end() {
      return [...choices].flatMap(([index, choice]) => release(index, choice));
    },
  };
}

/** Adds text; returns what may be sent, or the end of the choice. */
function search(
  delta: StreamPart & { type: 'delta' },
  choice: ChoiceText,
  stops: readonly string[],
): StreamPart[] {
  const text = choice.held + delta.text;
  choice.heldLogprobs.push(...(delta.logprobs ?? []));
  const match = findStop(text, choice.held.length, stops);
  if (match !== undefined) {
    choice.held = text.slice(0, match.start);
    // They belong to tokens that may overlap what is cut off.
    choice.heldLogprobs = [];
    const last = release(delta.choice, choice);
    choice.isStopped = true;
    return [...last, ...stopParts(delta.choice, match.stop)];
  }
  const certain = text.length - heldLength(text, stops);
  choice.held = text.slice(0, certain);
  const parts = release(delta.choice, choice);
  choice.held = text.slice(certain);
  return parts;
}

function release(index: number, choice: ChoiceText): StreamPart[] {
  if (choice.held === '') return [];
  const { held: text, heldLogprobs: logprobs } = choice;
  choice.held = '';
  choice.heldLogprobs = [];
  return [{ type: 'delta', choice: index, text, ...(logprobs.length > 0 && { logprobs }) }];
}

function stopParts(choice: number, stop: string): StreamPart[] {
  return [
    { type: 'block_end', choice },
    {
      type: 'finish',
      choice,
      finish: { reason: 'stop_sequence', stopSequence: stop, raw: undefined, detail: undefined },
    },
  ];
}

/**
 * The stop string that is complete first; of several that end together, the longest. A model that writes letter
 * by letter would stop there, so the result does not depend on how the text is cut.
 */
function findStop(text: string, seen: number, stops: readonly string[]): Match | undefined {
  let first: (Match & { end: number }) | undefined;
  for (const stop of stops) {
    const start = text.indexOf(stop, Math.max(0, seen - stop.length + 1));
    if (start === -1) continue;
    const end = start + stop.length;
    if (first === undefined || end < first.end || (end === first.end && start < first.start)) {
      first = { start, stop, end };
    }
  }
  return first;
}

/** Length of the longest end of the text that is the beginning of a stop string. */
function heldLength(text: string, stops: readonly string[]): number {
  let longest = 0;
  for (const stop of stops) {
    let length = Math.min(stop.length - 1, text.length);
    while (length > longest && !text.endsWith(stop.slice(0, length))) length -= 1;
    longest = Math.max(longest, length);
  }
  return longest;
}
