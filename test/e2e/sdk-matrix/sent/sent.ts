import { asObject, type JsonObject } from '../../../../src/dialects/json-object.ts';

/** What a provider was asked, told alike for all of them. */
export interface Sent {
  system: string;
  /** A line a turn: `user: What is this? | <image/png 92>`. */
  turns: string[];
  tools: string[];
  schema: unknown;
  /** How much to think, in the API's own words. */
  thinking: unknown;
  maxTokens: unknown;
  stop: unknown;
  n: unknown;
}

export type ReadSent = (body: JsonObject) => Sent;

/** One thing that somebody says, as a line shows it. */
export interface Said {
  role: string;
  words: string;
}

export function describeMedia(mime: unknown, base64: unknown): string {
  return `<${mime} ${String(base64).length}>`;
}

export function describeDataUrl(url: unknown): string {
  const [, mime, base64] = /^data:(.*?);base64,(.*)$/.exec(String(url)) ?? [];
  return describeMedia(mime, base64);
}

export function describeCall(name: unknown, args: unknown): string {
  const value: unknown = typeof args === 'string' ? JSON.parse(args) : args;
  return `call ${name} ${JSON.stringify(asObject(value))}`;
}

export function describeResult(name: unknown, words: string, isError = false): string {
  return `${isError ? 'error' : 'result'} ${name}: ${words}`;
}

/** One line for all that one side says in a row. */
export function joinTurns(said: readonly Said[]): string[] {
  const lines: string[] = [];
  let last = '';
  for (const { role, words } of said) {
    if (role === last) lines.push(`${lines.pop()} | ${words}`);
    else lines.push(`${role}: ${words}`);
    last = role;
  }
  return lines;
}
