import { readHeader } from '../core/client-headers.ts';
import { GatewayError } from '../core/gateway-error.ts';
import { operationFacts } from '../dialects/operation.ts';
import { readMember, type ScannedObject, type Span } from '../dialects/scan-json.ts';
import { type ScannedRequest, scanRequest } from '../dialects/scan-request.ts';
import { findMultipartFields, multipartBoundary } from '../dialects/splice-multipart.ts';
import type { Call } from './call.ts';

/** What of a request's body the pipeline knows: the bytes, and where its few fields stand. */
export interface CallRequest {
  body: Buffer;
  contentType: string;
  /** The name that the client asked for; RES-1 checks what it is. */
  model: unknown;
  stream: boolean;
  /** Where the body is JSON: its members. */
  json: ScannedRequest | null;
  /** Where the body is multipart: the values of its `model` fields. */
  multipartModel: readonly Span[];
}

/**
 * Reads the fields that decide the call's way; throws a GatewayError, or a JsonScanError where the
 * body is no JSON. Values are looked at only when they are needed, so that can come to light later.
 */
export function readRequest(call: Call, body: Buffer): CallRequest {
  const contentType = readHeader(call.headers, 'content-type') ?? 'application/json';
  const { body: accepted } = operationFacts(call.operation);
  const isMultipart = /^multipart\/form-data/i.test(contentType);
  if (isMultipart ? accepted === 'json' : accepted === 'multipart') {
    const expected = isMultipart ? 'application/json' : 'multipart/form-data';
    throw new GatewayError('unsupported_media_type', `This route takes a body of ${expected}.`);
  }
  return isMultipart ? readMultipart(body, contentType) : readJson(call, body, contentType);
}

function readJson(call: Call, body: Buffer, contentType: string): CallRequest {
  if (body.length === 0) throw new GatewayError('invalid_json', 'The body is empty; send JSON.');
  const json = scanRequest(body);
  refuseThreads(call, json);
  refuseBackground(call, { body, json });
  return {
    body,
    contentType,
    model: call.pathModel ?? readMember(body, json, 'model'),
    stream:
      call.operation === 'stream_generate_content' || readMember(body, json, 'stream') === true,
    json,
    multipartModel: [],
  };
}

/**
 * Server-side threads live at one provider; this answer makes the SDK send its whole history
 * instead. https://platform.claude.com/docs/en/api/typescript/beta/messages (thread)
 */
function refuseThreads(call: Call, json: ScannedObject): void {
  if (call.surface !== 'anthropic' || !json.members.some(({ key }) => key === 'thread')) return;
  throw new GatewayError(
    'thread_unsupported_request',
    'Server-side threads are not kept here; send the whole conversation.',
    { param: 'thread' },
  );
}

/** Such an answer is fetched later, for which there is no route: nobody would know what it used. */
function refuseBackground(
  { operation }: Call,
  { body, json }: { body: Buffer; json: ScannedObject },
) {
  if (operation !== 'responses' || readMember(body, json, 'background') !== true) return;
  throw new GatewayError(
    'unsupported_parameter',
    '`background: true` is not supported: there is no route that fetches the answer later. Ask without it, or with `stream: true`.',
    { param: 'background' },
  );
}

function readMultipart(body: Buffer, contentType: string): CallRequest {
  const boundary = multipartBoundary(contentType);
  if (boundary === undefined) {
    throw new GatewayError(
      'invalid_request',
      'The multipart content type names no boundary of at most 70 characters.',
    );
  }
  const models = findMultipartFields(body, boundary, 'model');
  const streams = findMultipartFields(body, boundary, 'stream');
  const text = (span: Span | undefined) => span && body.toString('utf8', span.start, span.end);
  return {
    body,
    contentType,
    model: text(models.at(-1)),
    stream: text(streams.at(-1)) === 'true',
    json: null,
    multipartModel: models,
  };
}

/** One member of a JSON request, parsed; undefined for other bodies and absent members. */
export function readField(request: CallRequest, key: string): unknown {
  return request.json === null ? undefined : readMember(request.body, request.json, key);
}
