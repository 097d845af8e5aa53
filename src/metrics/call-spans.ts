import { randomBytes } from 'node:crypto';
import type { ClientHeaders } from '../core/client-headers.ts';
import {
  CACHE_READ_BUCKETS,
  CACHE_WRITE_BUCKETS,
  sumTokens,
  type TokenBucket,
  totalInput,
  totalOutput,
} from '../core/token-usage.ts';
import type { AttemptRecord, UsageRecord } from '../usage/usage-record.ts';
import { type OtlpAttribute, toAttributes } from './otlp-attributes.ts';
import { readTraceContext } from './trace-context.ts';

/** A span as OTLP writes it in JSON. https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
export interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  traceState?: string;
  name: string;
  /** 2 = server, 3 = client. */
  kind: 2 | 3;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: OtlpAttribute[];
  /** 2 = error; absent = not set. */
  status?: { code: 2; message?: string };
}

/** The words of the conventions for what clients ask; the ledger's own where they have none. */
const OPERATIONS: Readonly<Record<string, string>> = {
  responses: 'chat',
  messages: 'chat',
  stream_generate_content: 'generate_content',
  completions: 'text_completion',
  embed_content: 'embeddings',
  batch_embed_contents: 'embeddings',
};

/**
 * One span for a call and a child for each of its attempts, by the conventions for generative AI; none
 * where the client's trace is not sampled. Usage stands on the attempt that served, so that no backend
 * counts it twice. https://github.com/open-telemetry/semantic-conventions-genai
 */
export function callSpans(record: UsageRecord, headers: ClientHeaders): OtlpSpan[] {
  const context = readTraceContext(headers);
  if (context?.isSampled === false) return [];
  const traceId = context?.traceId ?? randomBytes(16).toString('hex');
  const shared = { traceId, ...(context?.state ? { traceState: context.state } : {}) };
  const spanId = newSpanId();
  const operation = OPERATIONS[record.operation] ?? record.operation;
  const call: OtlpSpan = {
    ...shared,
    spanId,
    ...(context === null ? {} : { parentSpanId: context.parentSpanId }),
    name: nameOf(operation, record.model ?? record.requestedModel),
    kind: 2,
    ...timesOf(record, { startMs: 0, endMs: record.latencyMs }),
    attributes: toAttributes(callFacts(record, operation)),
    ...statusOf(record.errorCode),
  };
  const attempts = record.attempts.map((attempt, at): OtlpSpan => {
    const endMs = record.attemptEndsMs[at] ?? record.latencyMs;
    const startMs = Math.max(0, endMs - attempt.ms);
    const isLast = at === record.attempts.length - 1;
    return {
      ...shared,
      spanId: newSpanId(),
      parentSpanId: spanId,
      name: nameOf(operation, attempt.slug),
      kind: 3,
      ...timesOf(record, { startMs, endMs }),
      attributes: toAttributes({
        ...attemptFacts(attempt, operation),
        ...(isLast ? servingFacts(record, startMs) : {}),
      }),
      ...statusOf(attempt.error),
    };
  });
  return [call, ...attempts];
}

function callFacts(record: UsageRecord, operation: string) {
  return {
    'gen_ai.operation.name': operation,
    'gen_ai.conversation.id': record.session,
    'http.response.status_code': record.httpStatus,
    'error.type': record.errorCode,
    'signalbox.request_id': record.requestId,
    'signalbox.requested_model': record.requestedModel,
    'signalbox.model': record.model,
    'signalbox.provider': record.provider,
    'signalbox.routing_profile': record.routingProfile,
    'signalbox.surface': record.surface,
    'signalbox.api_key': record.apiKey,
    'signalbox.team': record.team,
    'signalbox.user': record.user,
    // Exact in the ledger; a double here, since the protocol has no other fractions.
    'signalbox.cost_usd':
      record.costNanoUsd === null ? undefined : { double: Number(record.costNanoUsd) / 1e9 },
  };
}

function attemptFacts({ provider, slug, status, error }: AttemptRecord, operation: string) {
  return {
    'gen_ai.operation.name': operation,
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': slug,
    'http.response.status_code': status,
    'error.type': error,
  };
}

/** What is known of the answer. Input tokens hold those of the cache, as the conventions want it. */
function servingFacts(record: UsageRecord, startMs: number) {
  const { stream, ttftMs, usage } = record;
  const sum = (buckets: readonly TokenBucket[]) =>
    (usage !== null && sumTokens(usage.tokens, buckets)) || undefined;
  return {
    'gen_ai.request.stream': stream || undefined,
    'gen_ai.response.time_to_first_chunk':
      ttftMs === undefined ? undefined : { double: Math.max(0, ttftMs - startMs) / 1_000 },
    'gen_ai.usage.input_tokens': usage === null ? undefined : totalInput(usage.tokens),
    'gen_ai.usage.output_tokens': usage === null ? undefined : totalOutput(usage.tokens),
    'gen_ai.usage.cache_read.input_tokens': sum(CACHE_READ_BUCKETS),
    'gen_ai.usage.cache_write.input_tokens': sum(CACHE_WRITE_BUCKETS),
    'gen_ai.usage.reasoning.output_tokens': sum(['reasoning']),
  };
}

function nameOf(operation: string, model: string | undefined): string {
  return model === undefined ? operation : `${operation} ${model}`;
}

function timesOf(record: UsageRecord, { startMs, endMs }: { startMs: number; endMs: number }) {
  const at = (ms: number) => `${BigInt(Math.round(record.arrivedAt + ms)) * 1_000_000n}`;
  return { startTimeUnixNano: at(startMs), endTimeUnixNano: at(endMs) };
}

function statusOf(error: string | undefined): Pick<OtlpSpan, 'status'> {
  return error === undefined ? {} : { status: { code: 2, message: error } };
}

function newSpanId(): string {
  return randomBytes(8).toString('hex');
}
