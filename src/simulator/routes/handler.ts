import type { IncomingHttpHeaders } from 'node:http';
import type { TokenUsage } from '../../core/token-usage.ts';
import type { Operation } from '../../dialects/operation.ts';
import type { SentBytes } from '../compose-answer.ts';
import type { Frame } from '../frame.ts';
import type { JsonObject } from '../json-object.ts';
import type { Overrides } from '../overrides.ts';
import type { PromptCache } from '../prompt-cache.ts';
import type { UploadedFile } from '../read-body.ts';
import type { SimulatorError } from '../simulator-error.ts';

/** When every answer says it was made: 2026-01-01, so that the same request gets the same bytes. */
export const CREATED_SECONDS = 1_767_225_600;

/** One request, read whole. */
export interface Call {
  operation: Operation;
  /** The model that the path names; empty where the body does. */
  pathModel: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** The body; of a form, its text fields. */
  body: JsonObject;
  /** The uploaded files of a form. */
  files: UploadedFile[];
  /** A new id with that prefix; ids follow from the number of the request. */
  mint: (prefix: string) => string;
  cache: PromptCache;
  /** The configured fixed answer. */
  reply: string | null;
}

/** An answer sent in one piece. */
export interface WholeReply {
  kind: 'whole';
  contentType: string;
  body: string | Buffer;
  usage: TokenUsage;
}

/** An answer sent event by event. */
export interface StreamReply {
  kind: 'stream';
  contentType: string;
  frames: Iterable<Frame>;
  /** Content of all frames together. */
  contentBytes: number;
  usageOf(sent: SentBytes): TokenUsage;
  /** The stream's text when it fails before any content. */
  errorWire(error: SimulatorError, requestId: string): string;
}

/** A request that is understood; `reply` makes its answer. */
export interface PreparedCall {
  model: string;
  overrides: Overrides;
  reply(): WholeReply | StreamReply;
}

/** Serves one operation; throws a SimulatorError if the request lacks something. */
export type Handler = (call: Call) => PreparedCall;

/** A JSON answer. */
export function wholeJson(body: object, usage: TokenUsage): WholeReply {
  return { kind: 'whole', contentType: 'application/json', body: JSON.stringify(body), usage };
}
