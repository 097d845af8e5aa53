import type { BodySink } from './fed-body.ts';

/**
 * A sink that never throws: it is called out of the parser of the upstream's bytes, or out of nothing,
 * where what is thrown would end the process, or leave a call without its end.
 */
export function guardSink(
  { onChunk, onEnd, onError }: BodySink,
  crash: (thrown: unknown) => void,
): BodySink {
  return {
    onChunk(chunk) {
      try {
        onChunk(chunk);
      } catch (thrown) {
        crash(thrown);
      }
    },
    onEnd() {
      try {
        onEnd();
      } catch (thrown) {
        crash(thrown);
      }
    },
    onError(error) {
      try {
        onError(error);
      } catch (thrown) {
        crash(thrown);
      }
    },
  };
}
