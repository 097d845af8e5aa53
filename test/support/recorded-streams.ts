import type { DialectId } from '../../src/dialects/dialect.ts';
import { dialects } from '../../src/dialects/dialects.ts';
import { foldParts } from '../../src/dialects/ir/fold-parts.ts';
import { asObject, asObjects } from '../../src/dialects/json-object.ts';
import type { Operation } from '../../src/dialects/operation.ts';
import { stringifyWire } from '../../src/dialects/raw-json.ts';
import type { EventData } from '../../src/dialects/wire-format.ts';
import { sourceOf } from './read-stream.ts';
import { type Recording, recordings, streamEvents } from './recordings.ts';

/** A recorded stream, and the dialect that it is in. */
export interface RecordedStream {
  upstream: DialectId;
  recording: Recording;
}

/** The family of models that the state in the recordings is taken for. */
export const FAMILY = 'play';

const OPERATIONS: Partial<Record<Operation, DialectId>> = {
  chat: 'openai-chat',
  responses: 'openai-responses',
  messages: 'anthropic-messages',
  stream_generate_content: 'google-generate-content',
};

const LAST = /"type": ?"(message_stop|response\.(completed|incomplete))"/g;

/** What real providers streamed, an answer each. */
export const recordedStreams: readonly RecordedStream[] = recordings().flatMap((recording) => {
  const { operation, id, contentType, bodyBytes } = recording;
  const upstream = OPERATIONS[operation];
  // The proxy asks Gemini for events, never for an array.
  const isAsked = recording.stream && contentType.startsWith('text/event-stream');
  // A few recordings hold several streams, one behind the other.
  const isOne = [...bodyBytes.toString().matchAll(LAST)].length < 2;
  return upstream && isAsked && isOne && !id.includes('error') ? [{ upstream, recording }] : [];
});

/** The same answer in one piece: Responses' own last word, or what the events make. */
export function wholeOf({ upstream, recording }: RecordedStream): Buffer {
  const events = streamEvents(recording);
  if (upstream === 'openai-responses') return lastWordOf(events);
  const decoder = dialects[upstream].streamDecoder(sourceOf(FAMILY));
  const parts = [...events.flatMap((event) => decoder.push(event)), ...decoder.end()];
  return Buffer.from(stringifyWire(dialects[upstream].encodeResponse(foldParts(parts), TARGET)));
}

/** The last event's response. OpenAI encrypts state anew for it, so that of the items is put there. */
function lastWordOf(events: readonly EventData[]): Buffer {
  const payloads = events.map(({ data }) => asObject(JSON.parse(String(data))));
  const items = new Map(
    payloads
      .filter(({ type }) => type === 'response.output_item.done')
      .map(({ output_index, item }) => [output_index, asObject(item)['encrypted_content']]),
  );
  const response = asObject(payloads.at(-1)?.['response']);
  const output = asObjects(response['output']).map((item, index) =>
    item['encrypted_content'] ? { ...item, encrypted_content: items.get(index) } : item,
  );
  return Buffer.from(JSON.stringify({ ...response, output }));
}

const TARGET = {
  request: dialects['anthropic-messages'].decodeRequest(
    {
      model: 'm',
      max_tokens: 9,
      messages: [{ role: 'user', content: 'Hi' }],
      thinking: { type: 'adaptive' },
    },
    { stream: false },
  ),
  body: {},
  inputEstimate: 1,
  framing: 'sse' as const,
  nowSeconds: 0,
  mintId: () => 'minted000000000000000000',
};
