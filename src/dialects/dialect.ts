// One chat format, both directions. A call whose endpoint speaks another dialect than its surface is
// decoded from the surface's, encoded for the endpoint's, and its answer goes the way back. Same
// dialect never comes here: those bytes pass through untouched.

import type { ChatRequest } from './ir/chat-request.ts';
import type { ChatResponse } from './ir/chat-response.ts';
import type { StreamPart } from './ir/stream-part.ts';
import type { JsonObject } from './json-object.ts';
import type { FieldNames, Losses } from './losses.ts';
import type { ModelCaps } from './model-caps.ts';
import type { Framing } from './stream-events.ts';
import type { EventData } from './wire-format.ts';

/** The four chat formats. */
export type DialectId =
  | 'openai-chat'
  | 'openai-responses'
  | 'anthropic-messages'
  | 'google-generate-content';

/** A synchronous, stateful step of a stream; one per stream, no I/O, `end` once at its end. */
export interface StreamStep<In, Out> {
  push(input: In): Out[];
  end(): Out[];
}

/** Media that can stand in a request. */
export type MediaType = 'image' | 'audio' | 'video' | 'document';

/** What an encoder must know of the upstream that will read its request. */
export interface EncodeTarget {
  /** The slug, for error messages. */
  model: string;
  caps: ModelCaps;
  /** Tag of the model family; only signatures of this family may be sent to it. */
  family: string;
  /** Collects the hints that this dialect cannot express. */
  losses: Losses;
}

/** What a decoder of answers must know of the request that was sent. */
export interface AnswerSource {
  /** Tag of the model family whose signatures the answer holds. */
  family: string;
  /** Tool names that had to be changed for this upstream → the client's own names. */
  toolNames: ReadonlyMap<string, string>;
  /** Names of tools that the client declared as `custom` and the upstream got as functions. */
  customTools: ReadonlySet<string>;
  /** Name of the tool that the encoder added to get a JSON answer: its arguments become the answer's text. */
  jsonTool?: string | undefined;
}

/** What an encoder of answers must know of the client that will read it. */
export interface AnswerTarget {
  /** The request as this surface's decoder read it. */
  request: ChatRequest;
  /** The body as the client sent it: some fields are echoed. */
  body: JsonObject;
  /** Estimated tokens of the prompt, for APIs that report input tokens before the upstream has. */
  inputEstimate: number;
  framing: Framing;
  /** Seconds since the epoch. */
  nowSeconds: number;
  /** A fresh random suffix of letters and digits, 24 long. */
  mintId(): string;
}

/** One wire format of chat, both directions. Every function is pure but for the steps' own state. */
export interface Dialect {
  readonly id: DialectId;
  /** This API's names for fields that encoders report under another API's name. */
  readonly fieldNames: FieldNames;
  /** Reads a client's request; throws a GatewayError 400 if it is malformed. */
  decodeRequest(body: JsonObject, options: { stream: boolean }): ChatRequest;
  /** False where media has to be in the request itself: what is at its URL is fetched first. */
  takesUrl(type: MediaType, url: string): boolean;
  /** Writes a request for an upstream; throws 400 `unsupported_parameter` for what this API cannot express. */
  encodeRequest(request: ChatRequest, target: EncodeTarget): EncodedRequest;
  /** The members that change when reasoning of other providers is removed from a request that passes through. */
  dropForeignState(body: JsonObject, caps: ModelCaps): JsonObject;
  /** Reads a whole answer into the parts of a stream. */
  decodeResponse(body: JsonObject, source: AnswerSource): StreamPart[];
  /** Writes a whole answer for a client. */
  encodeResponse(response: ChatResponse, target: AnswerTarget): JsonObject;
  streamDecoder(source: AnswerSource): StreamStep<EventData, StreamPart>;
  /**
   * Each output is the text of one whole event with its terminator. Errors are written elsewhere
   * (stream-errors.ts).
   */
  streamEncoder(target: AnswerTarget): StreamStep<StreamPart, string>;
}

/** A request as its upstream gets it. */
export interface EncodedRequest {
  /** May hold RawJson (raw-json.ts); written with `stringifyWire`. */
  body: JsonObject;
  /** Tool names that had to be changed: the new name → the client's own. */
  toolNames: ReadonlyMap<string, string>;
  /** Name of a tool that the encoder added to make the model answer in JSON. */
  jsonTool?: string | undefined;
}
