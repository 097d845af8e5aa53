/** A piece of work that is timed by itself. */
export interface Piece {
  label: string;
  /** Operations that one run does, such as events of a chunk. */
  operations: number;
  /** Does the work; a promise is waited for, and what comes is looked at, so that the compiler cannot leave it out. */
  run(): unknown;
}

/** Pieces that do the same work in different ways, or are to be seen side by side. */
export interface PieceGroup {
  name: string;
  title: string;
  /** The first one is what the others are divided by. */
  pieces: readonly [Piece, ...Piece[]];
  /** Removes what the pieces left on the disk. */
  close?(): void;
}
