import { allocateBytes, freeBytes } from '../core/free-bytes.ts';

/** Never reserve more than this ahead of what has arrived. */
const ROOM_AHEAD_BYTES = 4 * 1024 * 1024;

/** Puts the pieces of a body together. */
export interface BodyCollector {
  /** Takes ownership of a piece. */
  add(piece: Buffer): void;
  /** All of them as one. */
  whole(): Buffer;
}

/**
 * Copies each piece of a body into its place as it comes and frees it, so that the next one comes in the
 * same memory; the length that was announced, 0 if none was, is where most bodies end.
 */
export function createBodyCollector(announcedBytes: number): BodyCollector {
  let room: Buffer | null = null;
  let bytes = 0;
  return {
    add(piece) {
      const needed = bytes + piece.length;
      if (room === null && needed === announcedBytes) {
        // One piece is all: small bodies are not copied.
        room = piece;
      } else {
        if (room === null || room.length < needed) {
          room = widen(room, bytes, roomFor(needed, announcedBytes));
        }
        piece.copy(room, bytes);
        freeBytes(piece);
      }
      bytes = needed;
    },
    whole() {
      if (room === null) return Buffer.alloc(0);
      return room.length === bytes ? room : room.subarray(0, bytes);
    },
  };
}

/** Twice what is needed, but no more than the body is long. */
function roomFor(neededBytes: number, announcedBytes: number): number {
  const ahead = Math.max(2 * neededBytes, Math.min(announcedBytes, ROOM_AHEAD_BYTES));
  return announcedBytes >= neededBytes ? Math.min(announcedBytes, ahead) : ahead;
}

function widen(room: Buffer | null, bytes: number, roomBytes: number): Buffer {
  const wider = allocateBytes(roomBytes);
  if (room === null) return wider;
  room.copy(wider, 0, 0, bytes);
  freeBytes(room);
  return wider;
}
