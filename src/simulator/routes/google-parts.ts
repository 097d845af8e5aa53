import type { SentBytes } from '../compose-answer.ts';
import type { Exchange } from './answer-prompt.ts';

/** A part of a content, and how much of the answer it stands for. */
export interface CountedPart extends SentBytes {
  part: object;
}

/**
 * The parts of an answer: thoughts, then text in the pieces that `split` makes, then whole calls.
 * The thought signature sits on the first call, else on the last thought:
 * https://ai.google.dev/gemini-api/docs/thought-signatures
 */
export function* makeParts(
  exchange: Exchange,
  split: (text: string) => Iterable<string>,
): Generator<CountedPart> {
  const { answer } = exchange;
  const signature = makeSignature(exchange);
  const isSignedLater = answer.calls.length > 0;
  yield* makeThoughts(exchange, split, isSignedLater ? {} : signature);
  for (const text of answer.text === '' ? [] : split(answer.text)) {
    yield { part: { text }, output: Buffer.byteLength(text), reasoning: 0 };
  }
  for (const [index, { id, name, argumentsJson }] of answer.calls.entries()) {
    const functionCall = { id, name, args: JSON.parse(argumentsJson) };
    const part = { functionCall, ...(index === 0 ? signature : {}) };
    yield { part, output: Buffer.byteLength(name + argumentsJson), reasoning: 0 };
  }
}

/** Hidden thoughts leave an empty text part, which carries their signature. */
function* makeThoughts(
  { prompt, answer }: Exchange,
  split: (text: string) => Iterable<string>,
  signature: object,
): Generator<CountedPart> {
  const { reasoning } = answer;
  if (reasoning === '') return;
  if (prompt.reasoning === 'hidden') {
    yield { part: { text: '', ...signature }, output: 0, reasoning: Buffer.byteLength(reasoning) };
    return;
  }
  const thoughts = [...split(reasoning)];
  for (const [index, text] of thoughts.entries()) {
    const part = { text, thought: true, ...(index === thoughts.length - 1 ? signature : {}) };
    yield { part, output: 0, reasoning: Buffer.byteLength(text) };
  }
}

/** Opaque, base64, and different for every answer. */
function makeSignature({ answer, mint }: Exchange): object {
  if (answer.reasoning === '') return {};
  return { thoughtSignature: Buffer.from(mint('simulated thought ')).toString('base64') };
}
