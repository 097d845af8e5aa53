import type { Model } from '../catalog/catalog.ts';
import type { DialectId } from '../dialects/dialect.ts';
import { dialects } from '../dialects/dialects.ts';
import { DEFAULT_BYTES_PER_TOKEN, estimateTokens } from '../dialects/ir/estimate-tokens.ts';
import { isObject, type JsonObject } from '../dialects/json-object.ts';
import type { Operation } from '../dialects/operation.ts';
import { parseWire } from '../dialects/raw-json.ts';
import type { CallContext } from './exchange.ts';
import { addRouteHeaders } from './route-headers.ts';

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

/** True for a count that none of the model's endpoints can make: it is estimated here. */
export function isCountedHere({ endpoints }: Model, operation: Operation): boolean {
  const isChat = endpoints.some(({ operations }) => [...operations].some(isChatOperation));
  return (
    operation in COUNTERS && isChat && !endpoints.some((each) => each.operations.has(operation))
  );
}

/** Answers a token count by an estimate that rather says too many than too few; it costs nothing. */
export async function countHere({
  call,
  request,
  settlement,
}: Pick<CallContext, 'call' | 'request' | 'settlement'>): Promise<void> {
  const counter = COUNTERS[call.operation];
  if (counter === undefined) return;
  const body = counter.request(parseWire(request.body));
  const chat = dialects[counter.dialect].decodeRequest(body, { stream: false });
  const answer = counter.answer(estimateTokens(chat, DEFAULT_BYTES_PER_TOKEN));
  await settlement.close(STATUS_OK);
  const bytes = Buffer.from(JSON.stringify(answer));
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'content-length': String(bytes.length),
    'x-request-id': call.requestId,
    'x-signalbox-token-count': 'estimated',
  };
  if (call.surface === 'anthropic') headers['request-id'] = call.requestId;
  addRouteHeaders(headers, settlement.route);
  call.reply.send(STATUS_OK, headers, bytes);
}

const STATUS_OK = 200;

const CHAT_OPERATIONS: ReadonlySet<Operation> = new Set([
  'chat',
  'responses',
  'messages',
  'generate_content',
]);

function isChatOperation(operation: Operation): boolean {
  return CHAT_OPERATIONS.has(operation);
}
