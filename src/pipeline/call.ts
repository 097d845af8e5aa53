import type { ClientHeaders } from '../core/client-headers.ts';
import type { Departure } from '../core/departure.ts';
import type { GatewayError } from '../core/gateway-error.ts';
import type { Operation, SurfaceId } from '../dialects/operation.ts';
import type { PresentedKey } from './authenticate.ts';

/** One LLM request of a client, as the server hands it in. */
export interface Call {
  requestId: string;
  /** Milliseconds since the epoch. */
  arrivedAt: number;
  /** The monotonic clock at arrival. */
  startedMs: number;
  surface: SurfaceId;
  operation: Operation;
  /** The model, where the path names it. */
  pathModel: string | null;
  headers: ClientHeaders;
  /** Empty, or the query with its question mark and without credentials. */
  query: string;
  presentedKey: PresentedKey | null;
  clientIp: string;
  /** Tells when the client goes away. */
  departure: Departure;
  /**
   * Reads the body, bounded; throws a GatewayError, also that with which the judge refuses its length
   * as it is announced, or as it has come so far.
   */
  readBody(judge: BodyJudge): Promise<Buffer>;
  reply: Reply;
}

/** Says why a body of so many bytes is refused; null = it may be read. */
export type BodyJudge = (bodyBytes: number) => GatewayError | null;

/** The way back to the client. Headers go out with the first `send` or `start`, once. */
export interface Reply {
  hasStarted(): boolean;
  /** A whole answer. */
  send(status: number, headers: Record<string, string>, body: Buffer): void;
  /** The head of a streamed answer. */
  start(status: number, headers: Record<string, string>): void;
  /** False when the client reads too slowly: wait for the drain. */
  write(bytes: Buffer): boolean;
  onDrain(resume: () => void): void;
  end(): void;
}
