import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnswerSource, DialectId } from '../../src/dialects/dialect.ts';
import { dialects } from '../../src/dialects/dialects.ts';
import { foldParts } from '../../src/dialects/ir/fold-parts.ts';
import { asText, type JsonObject } from '../../src/dialects/json-object.ts';
import { createLosses } from '../../src/dialects/losses.ts';
import { capsOf, familyOf } from '../../src/dialects/model-caps.ts';
import { parseWire, stringifyWire } from '../../src/dialects/raw-json.ts';

/** A client's request in one API, and how a provider of another one answered its translation. */
interface Recorded {
  client_request: JsonObject;
  upstream_request: JsonObject;
  upstream_response: JsonObject;
  /** The answer as lingua translated it back. */
  client_response?: JsonObject;
}

/** One recording: `<client's API>_to_<provider's>/<case>`. */
export interface RecordedTranslation {
  pair: string;
  name: string;
  surface: DialectId;
  upstream: DialectId;
  recorded: Recorded;
}

const RECORDED = join(import.meta.dirname, '..', 'fixtures', 'recorded');
const ROOT = join(RECORDED, 'lingua-translations');

const APIS: Record<string, DialectId> = {
  'chat-completions': 'openai-chat',
  responses: 'openai-responses',
  anthropic: 'anthropic-messages',
  google: 'google-generate-content',
};

/** What lingua recorded, pair by pair; the twelfth is put together. */
export function recordedTranslations(): RecordedTranslation[] {
  return [...readdirSync(ROOT).flatMap(readPair), ...responsesToChat()];
}

function readPair(pair: string): RecordedTranslation[] {
  return readdirSync(join(ROOT, pair))
    .sort()
    .map((file) => describePair(pair, file, readJson<Recorded>(join(ROOT, pair, file))!));
}

function describePair(pair: string, file: string, recorded: Recorded): RecordedTranslation {
  const [from = '', to = ''] = pair.split('_to_');
  const name = `${pair}/${file.replace('.json', '')}`;
  return { pair, name, surface: APIS[from]!, upstream: APIS[to]!, recorded };
}

/**
 * Lingua recorded no requests of Responses that were translated for chat completions. It did record
 * its cases in both APIs: the requests are those that it translated for others, and the answers what
 * chat completions said in the same case.
 */
function responsesToChat(): RecordedTranslation[] {
  const requests = new Map(
    ['responses_to_anthropic', 'responses_to_google']
      .flatMap(readPair)
      .map(({ name, recorded }) => [name.replace(/.*\//, ''), recorded.client_request]),
  );
  return [...requests].map(([name, client_request]) => {
    const answer = readJson<JsonObject>(
      join(RECORDED, 'lingua', name, 'chat-completions', 'response.json'),
    );
    return describePair('responses_to_chat-completions', name, {
      client_request,
      upstream_request: { model: asText(answer?.['model']) ?? 'gpt-5-nano' },
      upstream_response: answer ?? { error: 'not recorded' },
    });
  });
}

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The client's request on its way; throws a GatewayError where it is refused. */
export function translateRecorded({ surface, upstream, recorded }: RecordedTranslation) {
  const body = reparse(recorded.client_request);
  const chat = dialects[surface].decodeRequest(body, { stream: false });
  // Google's path names the model.
  const slug = asText(recorded.upstream_request['model']) ?? 'gemini-3-flash-preview';
  const family = familyOf(slug);
  const encoded = dialects[upstream].encodeRequest(
    { ...chat, model: slug },
    {
      model: slug,
      caps: capsOf(upstream, slug),
      family,
      losses: createLosses({ isStrict: false, model: slug, dialect: upstream }),
    },
  );
  const source: AnswerSource = {
    family,
    toolNames: encoded.toolNames,
    customTools: new Set(chat.tools.flatMap((tool) => (tool.type === 'custom' ? tool.name : []))),
    jsonTool: encoded.jsonTool,
  };
  const sent = reparse(encoded.body);
  return { chat, body, source, sent };
}

/** The recorded answer on its way back: as it was read, and as the client gets it. */
export function translateAnswer(
  { surface, upstream, recorded }: RecordedTranslation,
  { chat, body, source }: ReturnType<typeof translateRecorded>,
) {
  const given = foldParts(
    dialects[upstream].decodeResponse(reparse(recorded.upstream_response), source),
  );
  let minted = 0;
  const written = dialects[surface].encodeResponse(given, {
    request: chat,
    body,
    inputEstimate: 10,
    framing: 'sse',
    nowSeconds: 1_750_000_000,
    mintId() {
      minted += 1;
      return String(minted).padStart(24, '0');
    },
  });
  return { given, written: reparse(written) };
}

function reparse(body: JsonObject): JsonObject {
  return parseWire(Buffer.from(stringifyWire(body)));
}
