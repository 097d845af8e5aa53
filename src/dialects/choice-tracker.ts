import { asObjects, asText } from './json-object.ts';

/** Follows the parallel choices of a stream: the answer is whole only when each has ended. */
interface ChoiceTracker {
  /** A choice of that index was seen; true for one that begins behind those seen so far. */
  see(index: number): boolean;
  /** Takes in the choices of one event; true once every choice seen so far has its finish reason. */
  finish(choices: unknown): boolean;
}

/** A tracker that reads finish reasons from the member of that name. */
export function createChoiceTracker(reasonMember: string): ChoiceTracker {
  const finished = new Set<number>();
  let lastIndex = 0;
  return {
    see(index) {
      const begins = index > lastIndex;
      if (begins) lastIndex = index;
      return begins;
    },
    finish(choices) {
      for (const choice of asObjects(choices)) {
        const reason = asText(choice[reasonMember]);
        // An upstream that failed in the middle says so here, beside the error object.
        if (reason === undefined || reason === 'error') continue;
        finished.add(typeof choice['index'] === 'number' ? choice['index'] : 0);
      }
      return finished.size > lastIndex;
    },
  };
}
