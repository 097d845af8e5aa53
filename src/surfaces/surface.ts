import type { GatewayError } from '../core/gateway-error.ts';
import type { Operation, SurfaceId } from '../dialects/operation.ts';

export type { SurfaceId } from '../dialects/operation.ts';

/** The call that a path stands for. */
export interface CallRoute {
  operation: Operation;
  /** The model, if the path names it; decoded once. */
  pathModel: string | null;
}

/** One family of client-facing routes. */
export interface Surface {
  readonly id: SurfaceId;
  /** The paths of its calls, but for those that hold a model. */
  readonly paths: readonly string[];
  /** The call that a POST to this path makes; null for a path that is none of this surface's. */
  matchCall(path: string): CallRoute | null;
  /** True for a path that clients of this surface use, served or not: it decides the shape of errors. */
  ownsPath(path: string): boolean;
  /** The JSON body of an error as this API writes it. */
  encodeError(error: GatewayError, requestId: string): unknown;
}
