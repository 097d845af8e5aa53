import { randomBytes } from 'node:crypto';
import type { AnswerSource, AnswerTarget, DialectId, EncodedRequest } from '../dialects/dialect.ts';
import { dialects } from '../dialects/dialects.ts';
import { createStopEmulation, MAX_NATIVE_STOPS } from '../dialects/ir/emulate-stop.ts';
import { foldParts } from '../dialects/ir/fold-parts.ts';
import type { StreamPart } from '../dialects/ir/stream-part.ts';
import type { Losses } from '../dialects/losses.ts';
import { familyOf, type ModelCaps } from '../dialects/model-caps.ts';
import { parseWire, stringifyWire } from '../dialects/raw-json.ts';
import type { EventData } from '../dialects/wire-format.ts';
import type { AttemptContext } from './exchange.ts';
import { framingOf } from './framing.ts';
import { estimateSize } from './request-size.ts';
import { shownModelOf } from './shown-model.ts';
import type { DecodedRequest } from './translate-request.ts';

/** The way back of a translated call: from the endpoint's dialect to the surface's. */
export interface Translation {
  /** For `x-signalbox-warnings`. */
  warnings: readonly string[];
  /** A whole answer as the client's API writes it. */
  translateWhole(body: Buffer): Buffer;
  /** For clients that asked for a stream; null where there is none to ask for. */
  events: EventTranslation | null;
}

/** The same for streams. */
export interface EventTranslation {
  /** A whole answer as events. */
  translateWhole(body: Buffer): string[];
  createSteps(): TranslationSteps;
}

/** One stream on its way: each output is the text of one event for the client. */
export interface TranslationSteps {
  push(event: EventData): string[];
  end(): string[];
}

interface TranslationParts {
  surface: DialectId;
  upstream: DialectId;
  caps: ModelCaps;
  decoded: DecodedRequest;
  encoded: EncodedRequest;
  losses: Losses;
}

const ID_LENGTH = 24;

/** Prepares the way back for one attempt. */
export function createChatTranslation(
  attempt: AttemptContext,
  { surface, upstream, caps, decoded, encoded, losses }: TranslationParts,
): Translation {
  const { call, endpoint, request, runtime } = attempt;
  const { chat } = decoded;
  const source: AnswerSource = {
    family: familyOf(endpoint.slug),
    toolNames: encoded.toolNames,
    customTools: new Set(chat.tools.flatMap((tool) => (tool.type === 'custom' ? tool.name : []))),
    jsonTool: encoded.jsonTool,
  };
  const target: AnswerTarget = {
    request: chat,
    body: decoded.body,
    inputEstimate: estimateSize(request, call.operation, 0).inputTokens,
    framing: framingOf(call),
    nowSeconds: Math.floor(runtime.clock.now() / 1000),
    mintId: () => randomBytes(ID_LENGTH / 2).toString('hex'),
  };
  // Where the upstream stops by itself, the emulation never finds anything.
  const emulatesStop = chat.stop.length > (caps.stop_sequences ? MAX_NATIVE_STOPS : 0);
  const model = shownModelOf(attempt);
  const rename = (part: StreamPart): StreamPart =>
    model !== null && part.type === 'start' ? { ...part, model } : part;

  /** The parts as the client is to see them: renamed, and cut where a stop string was asked for. */
  const createShaper = () => {
    const stop = emulatesStop ? createStopEmulation(chat.stop) : null;
    return {
      push: (parts: StreamPart[]) =>
        stop ? parts.map(rename).flatMap((part) => stop.push(part)) : parts.map(rename),
      end: () => stop?.end() ?? [],
    };
  };
  const partsOf = (body: Buffer): StreamPart[] => {
    const shaper = createShaper();
    const parts = dialects[upstream].decodeResponse(parseWire(body), source);
    return [...shaper.push(parts), ...shaper.end()];
  };

  return {
    warnings: losses.warnings,
    translateWhole(body) {
      const answer = dialects[surface].encodeResponse(foldParts(partsOf(body)), target);
      return Buffer.from(stringifyWire(answer));
    },
    events: {
      translateWhole(body) {
        const encoder = dialects[surface].streamEncoder(target);
        const events = partsOf(body).flatMap((part) => encoder.push(part));
        return [...events, ...encoder.end()];
      },
      createSteps() {
        const decoder = dialects[upstream].streamDecoder(source);
        const encoder = dialects[surface].streamEncoder(target);
        const shaper = createShaper();
        const encode = (parts: StreamPart[]) => parts.flatMap((part) => encoder.push(part));
        const flush = () => encode([...shaper.push(decoder.end()), ...shaper.end()]);
        return {
          push: (event) => encode(shaper.push(decoder.push(event))),
          end: () => [...flush(), ...encoder.end()],
        };
      },
    },
  };
}
