import { type ClientHeaders, readHeader } from '../core/client-headers.ts';

/** The trace that a client's request belongs to. */
export interface TraceContext {
  /** 32 hex digits. */
  traceId: string;
  /** The client's span: 16 hex digits. */
  parentSpanId: string;
  isSampled: boolean;
  /** What its tracing vendors pass along; empty = nothing. */
  state: string;
}

const TRACEPARENT =
  /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(?:-|$)/;

/** The context in a request's headers; null without one. https://www.w3.org/TR/trace-context/ */
export function readTraceContext(headers: ClientHeaders): TraceContext | null {
  const match = TRACEPARENT.exec(readHeader(headers, 'traceparent') ?? '');
  if (match === null) return null;
  const [, traceId = '', parentSpanId = '', flags = ''] = match;
  const state = readHeader(headers, 'tracestate') ?? '';
  return { traceId, parentSpanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1, state };
}
