import type { AnswerSource, AnswerTarget, EncodeTarget } from '../../../src/dialects/dialect.ts';
import type { ChatRequest } from '../../../src/dialects/ir/chat-request.ts';
import type { StreamPart } from '../../../src/dialects/ir/stream-part.ts';
import type { JsonObject } from '../../../src/dialects/json-object.ts';
import { createLosses } from '../../../src/dialects/losses.ts';
import { capsOf, familyOf, type ModelCaps } from '../../../src/dialects/model-caps.ts';
import { openaiResponsesDialect } from '../../../src/dialects/openai-responses/dialect.ts';

/** A target for requests to that model. */
export function encodeTarget(model = 'gpt-5.4', caps: Partial<ModelCaps> = {}): EncodeTarget {
  return {
    model,
    caps: capsOf('openai-responses', model, caps),
    family: familyOf(model),
    losses: createLosses({ isStrict: false, model, dialect: 'openai-responses' }),
  };
}

/** An upstream whose request changed no names. */
export const source: AnswerSource = {
  family: 'gpt',
  toolNames: new Map(),
  customTools: new Set(),
};

/** The client that sent that body, with ids that count up. */
export function answerTarget(body: JsonObject = { model: 'm', input: 'hi' }): AnswerTarget {
  let minted = 0;
  return {
    request: openaiResponsesDialect.decodeRequest(body, { stream: true }),
    body,
    inputEstimate: 7,
    framing: 'sse',
    nowSeconds: 1_800_000_000,
    mintId: () => {
      minted += 1;
      return String(minted).padStart(24, '0');
    },
  };
}

/** A request that says nothing but what is given. */
export function chatRequest(given: Partial<ChatRequest> = {}): ChatRequest {
  const nothing = openaiResponsesDialect.decodeRequest(
    { model: 'gpt-5.4', input: 'hi' },
    { stream: false },
  );
  return { ...nothing, ...given };
}

/** The parts of a block in the answer's first choice. */
export function blockParts(
  block: Extract<StreamPart, { type: 'block_start' }>['block'],
  ...texts: string[]
): StreamPart[] {
  return [
    { type: 'block_start', choice: 0, block },
    ...texts.map((text): StreamPart => ({ type: 'delta', choice: 0, text })),
    { type: 'block_end', choice: 0 },
  ];
}
