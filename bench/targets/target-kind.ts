import type { AnswerKind } from '../answer-kinds.ts';

/** What stands before the upstream: one file of this folder each. */
export interface TargetKind {
  name: TargetName;
  /** How it is started here, or a sentence that says why it cannot be. */
  prepare(place: TargetPlace): Promise<Launch | string>;
  /** The path and headers that reach an answer of that kind. */
  request(kind: AnswerKind, place: TargetPlace): TargetRequest;
}

export type TargetName = 'bare' | 'least' | 'signalbox' | 'nginx' | 'portkey';

/** What a target is started for. */
export interface TargetPlace {
  upstreamPort: number;
  /** A folder of the lab, for configurations. */
  folder: string;
  /** How many share the port; the peers run as one. */
  processes: number;
}

/** A program that prints `listens on http://…:PORT`, or that is known to listen on `port`. */
export interface Launch {
  /** Node, unless another program is named. */
  program?: string;
  words: readonly string[];
  port?: number;
}

export interface TargetRequest {
  path: string;
  /** Beside those that every client sends. */
  headers?: Record<string, string>;
}
