import type { JsonObject } from '../json-object.ts';

/** Receives content blocks one after the other, and numbers them from 0. */
export interface BlockSink {
  start(block: JsonObject): void;
  delta(delta: JsonObject): void;
  stop(): void;
}

/** Writes an event of this API with its name; clients skip events without one. */
export type EmitEvent = (type: string, members: JsonObject) => void;

/** A sink that writes the events of content blocks. */
export function createBlockSink(emit: EmitEvent): BlockSink {
  let index = 0;
  return {
    start: (content_block) => emit('content_block_start', { index, content_block }),
    delta: (delta) => emit('content_block_delta', { index, delta }),
    stop() {
      emit('content_block_stop', { index });
      index += 1;
    },
  };
}
