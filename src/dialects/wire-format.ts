import type { TokenUsage } from '../core/token-usage.ts';
import type { DataSpan } from './data-span.ts';
import type { FormatId } from './operation.ts';

/** The JSON text of an event, which is all that a dialect reads; empty for a comment. */
export interface EventData {
  data: Buffer;
}

/** One whole event of a stream, and its place among the bytes as they arrived. */
export interface StreamEvent extends DataSpan {
  /** The bytes of this event and of its neighbors, so that several events can be sent as one piece. */
  bytes: Buffer;
  start: number;
  end: number;
}

/** What is known of a stream so far. Values only advance, but that another choice can begin behind a finish. */
export interface StreamReading {
  /** The upstream's own report, the latest complete one; null while there is none. */
  usage: TokenUsage | null;
  /** The usage object as the upstream wrote it (merged where it comes in parts), for the ledger. */
  providerUsage: unknown;
  /** UTF-8 bytes of text, reasoning and tool arguments that passed; above zero from the first token. */
  contentBytes: number;
  /** Content passed that is no text: sound, or an image. */
  hasMedia: boolean;
  /** A finish reason was seen: the answer is whole even if the terminal marker never comes. */
  finished: boolean;
  /** The terminal marker was seen: usage is final, and nothing that matters follows. */
  terminal: boolean;
  /** An error that the upstream reported inside the stream. */
  error: { message: string; type: string | undefined } | null;
}

/** Reads a passing stream without touching it. One per stream; never throws on odd input. */
export interface StreamTap {
  readonly reading: StreamReading;
  push(event: DataSpan): void;
}

/** One wire format: where it reports usage, and how its streams begin, end and fail. */
export interface WireFormat {
  readonly id: FormatId;
  /** Lists and objects of which a whole JSON answer has one at least; none = its form is left open. */
  readonly answerMembers: readonly string[];
  /** The top-level members of an answer that readUsage needs; the rest need not be parsed. */
  readonly usageMembers: readonly string[];
  /** Usage of a whole JSON answer, or null where the answer reports none. */
  readUsage(answer: unknown): TokenUsage | null;
  createStreamTap(): StreamTap;
  /** False if the last event cannot be told from the others before the bytes end. */
  readonly hasTerminalMarker: boolean;
  /**
   * Paths of members that name the model in an answer or in a stream event, such as
   * `['response', 'model']`.
   */
  readonly modelPaths: readonly (readonly string[])[];
}
