import type { DialectId } from '../../../src/dialects/dialect.ts';
import type { Answer, Question } from './question.ts';
import type { Sent } from './sent/sent.ts';

/** A client's API, and the one that the provider speaks. */
export interface Pair {
  surface: DialectId;
  upstream: DialectId;
  stream: boolean;
}

/** What holds for the answer of an SDK, and for what its provider was asked. */
export interface Expected {
  answer?: Partial<Answer>;
  sent?: Partial<Sent>;
  /** Whether part of the prompt was read from a cache. */
  isCached?: boolean;
  /** `x-signalbox-warnings` where the call was translated; none unless said. */
  warnings?: string;
  /** How its usage is known: by the provider's report unless said. */
  source?: 'partial';
  /** In place of an answer: what the SDK throws, and the status in the ledger if it is another. */
  error?: { status: number | undefined; message: RegExp; logged?: number };
}

/** One thing that works alike with every SDK and every provider, or as told. */
export interface Scenario {
  question: Question | ((pair: Pair) => Question);
  /** Surfaces that have words for it; all unless said. */
  surfaces?: readonly DialectId[];
  /** A model of its own, so that what goes wrong with it concerns nobody else. */
  slug?: (pair: Pair) => string;
  /** How often it is asked; the last answer counts. */
  times?: number;
  expected: Expected | ((pair: Pair) => Expected);
}

export const CHAT = 'openai-chat';
export const RESPONSES = 'openai-responses';
export const MESSAGES = 'anthropic-messages';
export const GEMINI = 'google-generate-content';

/** The same for every API. */
export function ofEach<T>(value: T): Record<DialectId, T> {
  return { [CHAT]: value, [RESPONSES]: value, [MESSAGES]: value, [GEMINI]: value };
}

/** The API's own word for why an answer ended. */
export const ENDS = {
  stop: {
    [CHAT]: 'stop',
    [RESPONSES]: 'completed',
    [MESSAGES]: 'end_turn',
    [GEMINI]: 'STOP',
  },
  tools: {
    [CHAT]: 'tool_calls',
    [RESPONSES]: 'completed',
    [MESSAGES]: 'tool_use',
    [GEMINI]: 'STOP',
  },
  length: {
    [CHAT]: 'length',
    [RESPONSES]: 'max_output_tokens',
    [MESSAGES]: 'max_tokens',
    [GEMINI]: 'MAX_TOKENS',
  },
} as const;
