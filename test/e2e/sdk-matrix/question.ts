/** A question that is put through every SDK, each in its own words. */
export interface Question {
  system?: string;
  /** The system prompt is marked to be cached, where the API has marks. */
  isCached?: boolean;
  turns: Turn[];
  /** Names of tools; all take a city. */
  tools?: string[];
  /** One of the tools must be called. */
  mustCall?: boolean;
  schema?: Record<string, unknown>;
  reasoning?: 'on' | 'off';
  maxTokens?: number;
  stop?: string[];
  n?: number;
}

export type Turn =
  | { user: Piece[] }
  | { assistant: string; calls: { id: string; name: string; city: string }[] }
  | { results: Result[] }
  | { system: string };

/** Words, or media as base64. */
export type Piece = string | { png: string } | { pdf: string };

export interface Result {
  id: string;
  name: string;
  text: string;
  isError?: boolean;
  /** An image beside the text, as base64. */
  png?: string;
}

/** What every SDK makes of an answer. */
export interface Answer {
  text: string;
  reasoning: string;
  refusal: string;
  calls: { id: string; name: string; args: unknown }[];
  /** As the API calls it. */
  finish: string;
  choices: number;
  usage: { input: number; output: number; cached: number; reasoning: number };
  /** `x-signalbox-warnings`; null for none. */
  warnings: string | null;
}

/** How an SDK is asked, with its helper for streams where `stream` is set. */
export interface SdkClient {
  ask(url: string, model: string, question: Question, stream: boolean): Promise<Answer>;
}

/** The turns of a question that is one text. */
export function ask(text: string): Turn[] {
  return [{ user: [text] }];
}

export const PARAMETERS = {
  type: 'object' as const,
  properties: { city: { type: 'string' } },
  required: ['city'],
};

/** The smallest PNG: one pixel. */
export const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export const PDF = Buffer.from('%PDF-1.4 a page with one word').toString('base64');

/** A fetch that remembers the warnings of its last answer. */
export function createWarningFetch() {
  let warnings: string | null = null;
  return {
    async fetch(...request: Parameters<typeof fetch>): Promise<Response> {
      const response = await fetch(...request);
      warnings = response.headers.get('x-signalbox-warnings');
      return response;
    },
    read: () => warnings,
  };
}
