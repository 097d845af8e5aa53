import { type ErrorCode, GatewayError } from '../core/gateway-error.ts';
import type { DialectId } from '../dialects/dialect.ts';
import { dialects } from '../dialects/dialects.ts';
import type { ChatRequest } from '../dialects/ir/chat-request.ts';
import type { JsonObject } from '../dialects/json-object.ts';
import { createLosses } from '../dialects/losses.ts';
import { familyOf } from '../dialects/model-caps.ts';
import type { Operation } from '../dialects/operation.ts';
import { parseWire, stringifyWire } from '../dialects/raw-json.ts';
import { collectBody } from '../upstream/collect-body.ts';
import { asUpstreamFailure } from './as-upstream-failure.ts';
import { isUsable, passesPins, type RoutingQuestion } from './candidates.ts';
import { capsOfEndpoint } from './endpoint-caps.ts';
import { inlineMedia } from './inline-media.ts';
import { isPreferred } from './provider-preferences.ts';
import { type Sending, sendUpstream } from './send-upstream.ts';
import type { Settlement } from './settle.ts';

/** How an API counts the tokens of a chat in its own dialect. */
interface NativeCount {
  operation: Operation;
  dialect: DialectId;
  /** The body of the count, of the body of the chat. */
  request(chat: JsonObject, slug: string): JsonObject;
  read(answer: JsonObject): unknown;
}

/** In the order in which a model is best asked. */
const NATIVE_COUNTS: readonly NativeCount[] = [
  {
    // https://platform.claude.com/docs/en/api/messages-count-tokens
    operation: 'messages_count_tokens',
    dialect: 'anthropic-messages',
    request: keepFields([
      'model',
      'messages',
      'system',
      'tools',
      'tool_choice',
      'thinking',
      'output_config',
    ]),
    read: (answer) => answer['input_tokens'],
  },
  {
    // https://ai.google.dev/api/tokens: only the whole request counts its tools and instructions.
    operation: 'count_tokens',
    dialect: 'google-generate-content',
    request: (chat, slug) => ({ generateContentRequest: { model: `models/${slug}`, ...chat } }),
    read: (answer) => answer['totalTokens'],
  },
  {
    // https://platform.openai.com/docs/api-reference/responses/input-tokens
    operation: 'responses_input_tokens',
    dialect: 'openai-responses',
    request: keepFields([
      'model',
      'input',
      'instructions',
      'tools',
      'tool_choice',
      'parallel_tool_calls',
      'reasoning',
      'text',
    ]),
    read: (answer) => answer['input_tokens'],
  },
];

/** A count is a short answer. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** A count on its way: whoever is asked goes on the call's record. */
interface CountSending extends Sending {
  settlement: Settlement;
}

/** What a provider of the model says that the chat holds; null where none can or will say. */
export async function countUpstream(
  chat: ChatRequest,
  choice: Pick<RoutingQuestion, 'preferences' | 'resolution'>,
  sending: Omit<CountSending, 'endpoint'>,
): Promise<number | null> {
  const { preferences, resolution } = choice;
  for (const endpoint of resolution.model.endpoints) {
    if (!passesPins(resolution, endpoint)) continue;
    if (preferences !== null && !isPreferred(endpoint, preferences)) continue;
    const count = NATIVE_COUNTS.find(({ operation }) => endpoint.operations.has(operation));
    if (count === undefined || !isUsable(endpoint)) continue;
    try {
      return await ask(chat, count, { ...sending, endpoint });
    } catch (error) {
      // An estimate is there for whatever it was, and a client that has gone reads neither.
      sending.runtime.logger.debug({ error: String(error) }, 'A provider did not count tokens');
    }
  }
  return null;
}

async function ask(
  request: ChatRequest,
  count: NativeCount,
  sending: CountSending,
): Promise<number | null> {
  const { endpoint, resolution, runtime, settlement } = sending;
  const startedMs = runtime.clock.monotonicMs();
  let status: number | undefined;
  const note = (error?: ErrorCode) =>
    settlement.attempted(endpoint, {
      model: resolution.model.name,
      provider: endpoint.provider.name,
      slug: endpoint.slug,
      key: endpoint.key?.name,
      status,
      error,
      ms: Math.round(runtime.clock.monotonicMs() - startedMs),
    });
  try {
    const response = await sendCount(request, count, sending);
    status = response.status;
    const answer = await collectBody(response.body, MAX_ANSWER_BYTES);
    if (status !== 200) throw new GatewayError('upstream_error', `It answered ${status}.`);
    const tokens = count.read(parseWire(answer));
    note();
    return Number.isSafeInteger(tokens) ? (tokens as number) : null;
  } catch (thrown) {
    note(asUpstreamFailure(thrown).code);
    throw thrown;
  }
}

async function sendCount(request: ChatRequest, count: NativeCount, sending: CountSending) {
  const { call, endpoint, runtime } = sending;
  const { dialect, operation } = count;
  const { slug } = endpoint;
  const chat = await inlineMedia(request, dialect, { call, runtime, media: new Map() });
  const { body } = dialects[dialect].encodeRequest(
    { ...chat, model: slug },
    {
      model: slug,
      caps: capsOfEndpoint(endpoint, dialect),
      family: familyOf(slug),
      losses: createLosses({ isStrict: false, model: slug, dialect }),
    },
  );
  return sendUpstream(sending, {
    operation,
    body: Buffer.from(stringifyWire(count.request(body, slug))),
    contentType: 'application/json',
    query: '',
    surface: null,
  });
}

function keepFields(fields: readonly string[]) {
  return (chat: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(chat).filter(([field]) => fields.includes(field)));
}
