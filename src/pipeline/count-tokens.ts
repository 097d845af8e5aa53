import type { Model } from '../catalog/catalog.ts';
import type { Resolution } from '../catalog/resolve-model.ts';
import type { DialectId } from '../dialects/dialect.ts';
import { dialects } from '../dialects/dialects.ts';
import { estimateTokens } from '../dialects/ir/estimate-tokens.ts';
import { isObject, type JsonObject } from '../dialects/json-object.ts';
import type { Operation } from '../dialects/operation.ts';
import { parseWire } from '../dialects/raw-json.ts';
import { countUpstream } from './count-upstream.ts';
import type { CallContext } from './exchange.ts';
import { addRouteHeaders } from './route-headers.ts';
import { CHATS } from './serving.ts';

interface Counter {
  dialect: DialectId;
  /** The chat request that is to be counted. */
  request(body: JsonObject): JsonObject;
  answer(tokens: number): JsonObject;
}

/** The operations that count tokens, and how their answers read. */
const COUNTERS: Partial<Record<Operation, Counter>> = {
  messages_count_tokens: {
    dialect: 'anthropic-messages',
    // A count needs no limit, but a message does.
    request: (body) => ({ max_tokens: 1, ...body }),
    answer: (tokens) => ({ input_tokens: tokens }),
  },
  responses_input_tokens: {
    dialect: 'openai-responses',
    request: (body) => body,
    answer: (tokens) => ({ object: 'response.input_tokens', input_tokens: tokens }),
  },
  count_tokens: {
    dialect: 'google-generate-content',
    request: ({ generateContentRequest, ...body }) =>
      isObject(generateContentRequest) ? generateContentRequest : body,
    answer: (tokens) => ({ totalTokens: tokens }),
  },
};

/** True for a count that none of the model's endpoints can make in the client's own dialect. */
export function isCountedHere({ endpoints }: Model, operation: Operation): boolean {
  if (!isCount(operation) || endpoints.some((each) => each.operations.has(operation))) return false;
  return endpoints.some(({ operations }) => [...operations].some((each) => each in CHATS));
}

/** True for an operation that counts tokens. */
export function isCount(operation: Operation): boolean {
  return operation in COUNTERS;
}

/** A count that is not passed through. */
export interface Counting
  extends Pick<CallContext, 'call' | 'preferences' | 'request' | 'settlement' | 'runtime'> {
  resolution: Resolution;
}

/**
 * Answers a token count by what another dialect's endpoint of the model counts, else by an estimate
 * that rather says too many than too few. It costs nothing.
 */
export async function countHere(counting: Counting): Promise<void> {
  const { call, request, settlement, resolution, runtime } = counting;
  const counter = COUNTERS[call.operation];
  if (counter === undefined) return;
  const body = counter.request(parseWire(request.body));
  const chat = dialects[counter.dialect].decodeRequest(body, { stream: false });
  const exact = await countUpstream(chat, counting, { call, resolution, runtime, settlement });
  if (call.departure.reason !== null) throw call.departure.reason;
  const { name } = resolution.model;
  const tokens = exact ?? estimateTokens(chat, runtime.tokenRatios.bytesPerToken(name));
  await settlement.close(STATUS_OK);
  const bytes = Buffer.from(JSON.stringify(counter.answer(tokens)));
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'content-length': String(bytes.length),
    'x-request-id': call.requestId,
    'x-signalbox-token-count': exact === null ? 'estimated' : 'exact',
  };
  if (call.surface === 'anthropic') headers['request-id'] = call.requestId;
  addRouteHeaders(headers, settlement.route());
  call.reply.send(STATUS_OK, headers, bytes);
}

const STATUS_OK = 200;
