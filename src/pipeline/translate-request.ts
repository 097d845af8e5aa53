import { GatewayError } from '../core/gateway-error.ts';
import type { DialectId } from '../dialects/dialect.ts';
import { dialects } from '../dialects/dialects.ts';
import type { ChatRequest } from '../dialects/ir/chat-request.ts';
import type { JsonObject } from '../dialects/json-object.ts';
import { createLosses } from '../dialects/losses.ts';
import { familyOf } from '../dialects/model-caps.ts';
import { parseWire, stringifyWire } from '../dialects/raw-json.ts';
import { capsOfEndpoint } from './endpoint-caps.ts';
import type { AttemptContext } from './exchange.ts';
import { inlineMedia, type MediaOfCall } from './inline-media.ts';
import type { Outgoing } from './outgoing.ts';
import type { CallRequest } from './read-request.ts';
import { chatOperation, type Serving } from './serving.ts';
import { createChatTranslation } from './translation.ts';
import { setFields } from './write-fields.ts';

type ChatServing = Extract<Serving, { kind: 'chat' }>;

/** A client's request in the canonical form, and as it was sent. */
export interface DecodedRequest {
  chat: ChatRequest;
  body: JsonObject;
  media: MediaOfCall;
}

/** Writes the client's request for an endpoint of another dialect, and prepares the way back. */
export function translateRequest(
  attempt: AttemptContext,
  serving: ChatServing,
): Outgoing | Promise<Outgoing> {
  const { call, request, runtime } = attempt;
  const decoded = decodeOnce(request, serving.surface);
  const chat = inlineMedia(decoded.chat, serving.upstream, { call, runtime, media: decoded.media });
  return chat instanceof Promise
    ? chat.then((inlined) => encode(attempt, serving, { ...decoded, chat: inlined }))
    : encode(attempt, serving, decoded);
}

function encode(
  attempt: AttemptContext,
  { surface, upstream }: ChatServing,
  decoded: DecodedRequest,
): Outgoing {
  const { endpoint, resolution, runtime } = attempt;
  const { slug } = endpoint;
  const caps = capsOfEndpoint(endpoint, upstream);
  const losses = createLosses({
    isStrict: runtime.routingSettings.strict_translation,
    model: resolution.model.name,
    dialect: upstream,
    fieldNames: dialects[surface].fieldNames,
  });
  const encoded = dialects[upstream].encodeRequest(
    { ...limitChat(decoded.chat, attempt.holds.outputLimit()), model: slug },
    { model: resolution.model.name, caps, family: familyOf(slug), losses },
  );
  const body: JsonObject = { ...encoded.body };
  setFields(body, resolution.model.edits);
  const { stream } = decoded.chat;
  return {
    operation: chatOperation(upstream, stream),
    body: Buffer.from(stringifyWire(body)),
    contentType: 'application/json',
    query: upstream === 'google-generate-content' && stream ? '?alt=sse' : '',
    surface: null,
    hidesUsage: false,
    translation: createChatTranslation(attempt, {
      surface,
      upstream,
      caps,
      decoded,
      encoded,
      losses,
    }),
  };
}

/** The chat with the output limit that its policies set. */
function limitChat(chat: ChatRequest, maxTokens: number | null): ChatRequest {
  return maxTokens === null ? chat : { ...chat, output: { ...chat.output, maxTokens } };
}

const decodedRequests = new WeakMap<CallRequest, DecodedRequest>();

/** The call's request in the canonical form; it is decoded once, however many endpoints it tries. */
export function decodeOnce(request: CallRequest, surface: DialectId): DecodedRequest {
  const known = decodedRequests.get(request);
  if (known) return known;
  const body = parseBody(request.body);
  const chat = dialects[surface].decodeRequest(body, { stream: request.stream });
  const decoded = { chat, body, media: new Map() };
  decodedRequests.set(request, decoded);
  return decoded;
}

function parseBody(body: Buffer): JsonObject {
  try {
    return parseWire(body);
  } catch (cause) {
    // The scanner looked at the structure only; this is inside a string or a number.
    throw new GatewayError('invalid_json', `Malformed JSON: ${String(cause)}.`, { cause });
  }
}
