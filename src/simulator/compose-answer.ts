import { createTokenUsage, type TokenUsage } from '../core/token-usage.ts';
import { cutToTokens, tokensOfBytes } from './count-tokens.ts';
import { asObject } from './json-object.ts';
import type { Overrides } from './overrides.ts';
import { pickCalls, type ToolCall } from './pick-calls.ts';
import type { Prompt } from './prompt.ts';
import { sampleSchema } from './sample-schema.ts';

/** The answer of the simulated model, before a dialect encodes it. */
export interface Answer {
  /** Empty unless the prompt asks for reasoning. */
  reasoning: string;
  text: string;
  /** Replaces text and calls; empty unless the prompt asks for a refusal. */
  refusal: string;
  calls: ToolCall[];
  finish: 'stop' | 'stop_sequence' | 'length' | 'tool_calls' | 'refusal';
  /** The stop sequence that ended the text. */
  stopSequence: string | null;
}

/** UTF-8 bytes of content that were sent, from which output tokens are counted. */
export interface SentBytes {
  output: number;
  reasoning: number;
}

/** Composes the answer; the same question always gets the same answer, within its limits. */
export function composeAnswer(
  prompt: Prompt,
  overrides: Overrides,
  settings: { reply: string | null; mint: (prefix: string) => string },
): Answer {
  const reasoning = prompt.reasoning === 'off' ? '' : REASONING;
  const { refusal } = overrides;
  if (refusal !== null) return refuseAnswer(reasoning, refusal);
  const calls = pickCalls(prompt, overrides, settings.mint);
  const text = calls.length > 0 ? overrides.reply : composeText(prompt, overrides, settings.reply);
  return limitAnswer(stopAnswer({ reasoning, text: text ?? '', calls }, prompt), prompt.maxTokens);
}

/** Bytes of the whole answer, in all the choices that were requested. */
export function bytesOfAnswer(answer: Answer, choices: number): SentBytes {
  const { text, refusal } = answer;
  const output = [
    text,
    refusal,
    ...answer.calls.flatMap((call) => [call.name, call.argumentsJson]),
  ];
  return {
    output: choices * Buffer.byteLength(output.join('')),
    reasoning: choices * Buffer.byteLength(answer.reasoning),
  };
}

/** Usage of a request, from its counted input and the part of the answer that was sent. */
export function usageOfSent(input: TokenUsage, sent: SentBytes): TokenUsage {
  const tokens = {
    ...input.tokens,
    outText: tokensOfBytes(sent.output),
    reasoning: tokensOfBytes(sent.reasoning),
  };
  return { ...createTokenUsage(), tokens };
}

/** The reasoning is always the same text, so its tokens are known: 18. */
const REASONING = 'The question is read, its words are weighed, and an answer is chosen.';

function refuseAnswer(reasoning: string, refusal: string): Answer {
  return { reasoning, text: '', refusal, calls: [], finish: 'refusal', stopSequence: null };
}

/** A long question or result is quoted in part, to keep answers short. */
const QUOTED_TOKENS = 200;

/** Directives of the request come first, then what it requires, then the settings. */
function composeText(prompt: Prompt, overrides: Overrides, reply: string | null): string {
  if (overrides.reply !== null) return overrides.reply;
  if (overrides.tokens !== null) return fillTokens(overrides.tokens);
  if (prompt.answerSchema !== null) return composeJson(prompt, overrides);
  if (reply !== null) return reply;
  if (prompt.toolResults.length > 0) return `The tool answered: ${quote(prompt.toolResults)}`;
  return `This is the simulated model. You said: ${quote([overrides.userText])}`;
}

/** An empty schema asks for any JSON object. */
function composeJson(prompt: Prompt, overrides: Overrides): string {
  const isOpen = Object.keys(asObject(prompt.answerSchema)).length === 0;
  const answer = isOpen
    ? { answer: quote([overrides.userText]) }
    : sampleSchema(prompt.answerSchema, 'answer');
  return JSON.stringify(answer);
}

/** Quotes each of several results on a line of its own. */
function quote(texts: string[]): string {
  return cutToTokens(texts.join('\n'), QUOTED_TOKENS);
}

const WORDS = ['the', 'sun', 'has', 'set', 'and', 'all', 'are', 'out'];

/** Three letters and a space make one token. */
function fillTokens(tokens: number): string {
  return Array.from({ length: tokens }, (_, index) => WORDS[index % WORDS.length]).join(' ');
}

/** An answer before stop sequences and limits are applied. */
type Draft = Pick<Answer, 'reasoning' | 'text' | 'calls'>;

/** Ends the text before the stop sequence that occurs first; nothing after it is sent or counted. */
function stopAnswer(draft: Draft, { stops }: Prompt): Answer {
  const finish = draft.calls.length > 0 ? 'tool_calls' : 'stop';
  let end = draft.text.length;
  let stopSequence: string | null = null;
  for (const stop of stops) {
    const position = draft.text.indexOf(stop);
    if (position === -1 || position >= end) continue;
    end = position;
    stopSequence = stop;
  }
  if (stopSequence === null) return { ...draft, refusal: '', finish, stopSequence };
  return {
    ...draft,
    text: draft.text.slice(0, end),
    refusal: '',
    calls: [],
    finish: 'stop_sequence',
    stopSequence,
  };
}

/** Applies the limit to reasoning first, then to text; a call that does not fit whole is left out. */
function limitAnswer(answer: Answer, maxTokens: number): Answer {
  const whole = bytesOfAnswer(answer, 1);
  if (tokensOfBytes(whole.reasoning) + tokensOfBytes(whole.output) <= maxTokens) return answer;
  const reasoning = cutToTokens(answer.reasoning, maxTokens);
  const left = maxTokens - tokensOfBytes(Buffer.byteLength(reasoning));
  const text = cutToTokens(answer.text, left);
  const cut: Answer = {
    ...answer,
    reasoning,
    text,
    calls: [],
    finish: 'length',
    stopSequence: null,
  };
  for (const call of text === answer.text ? answer.calls : []) {
    const longer = { ...cut, calls: [...cut.calls, call] };
    if (tokensOfBytes(bytesOfAnswer(longer, 1).output) > left) break;
    cut.calls = longer.calls;
  }
  return cut;
}
