import { asList, asObjects, asText } from './json-object.ts';

/** How long the prefix up to a part is cached; `implicit` is what providers do without being asked, for free. */
export type CacheLife = 'implicit' | '5m' | '1h';

/** A piece of the input, in the order in which a model reads it: tools, system, turns. */
export interface PromptPart {
  text: string;
  /** Set if the input up to and including this part is to be cached. */
  cacheFor: CacheLife | null;
}

/** A function that the model may call. */
export interface PromptTool {
  name: string;
  /** The JSON Schema of its arguments. */
  schema: unknown;
}

/** Which tools may or must be called. */
export interface ToolChoice {
  mode: 'auto' | 'none' | 'required';
  /** The only tools allowed; null = all. */
  only: string[] | null;
  /** False = at most one call. */
  parallel: boolean;
}

/** The request in a form that all dialects share. */
export interface Prompt {
  model: string;
  stream: boolean;
  /** Everything that counts as input. */
  parts: PromptPart[];
  /** The last text of the user; it may hold directives. */
  userText: string;
  /** The results that end the conversation; empty unless the last turn answers tool calls. */
  toolResults: string[];
  tools: PromptTool[];
  toolChoice: ToolChoice;
  /** `hidden` reasoning is counted, but only its signature is sent. */
  reasoning: 'off' | 'shown' | 'hidden';
  /** The limit of the output, reasoning included. */
  maxTokens: number;
  /** Stop sequences: the first that occurs ends the text. */
  stops: string[];
  /** The JSON Schema of the answer; an empty one asks for any JSON object; null = free text. */
  answerSchema: unknown;
  /** How many answers are given and charged. */
  choices: number;
}

/** A prompt without any option set. */
export const PLAIN_PROMPT = {
  toolResults: [],
  tools: [],
  toolChoice: { mode: 'auto', only: null, parallel: true },
  reasoning: 'off',
  maxTokens: Number.POSITIVE_INFINITY,
  stops: [],
  answerSchema: null,
  choices: 1,
} as const satisfies Partial<Prompt>;

/** Parts whose prefix before the last turn is cached without being asked, as OpenAI and Google do. */
export function cacheImplicitly(texts: string[]): PromptPart[] {
  return texts.map((text, index) => ({
    text,
    cacheFor: index === texts.length - 2 ? 'implicit' : null,
  }));
}

/** The visible text of a message's content: a string, or a list of parts that have a `text`. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  return asObjects(content)
    .map((part) => asText(part['text']))
    .join('');
}

/** The last text that is not empty. */
export function lastText(texts: string[]): string {
  return texts.findLast((text) => text !== '') ?? '';
}

/** The elements at the end of a list that pass the test. */
export function trailing<Item>(items: Item[], test: (item: Item) => boolean): Item[] {
  return items.slice(items.findLastIndex((item) => !test(item)) + 1);
}

/** Stop sequences, given as one text or as a list. */
export function readStops(value: unknown): string[] {
  const stops = typeof value === 'string' ? [value] : asList(value).map(asText);
  return stops.filter((stop) => stop !== '');
}
