import type { SentBytes } from './compose-answer.ts';

/** One event of a stream, and the amount of content in it. */
export interface Frame extends SentBytes {
  /** The bytes as text, framing included. */
  wire: string;
}

/** An event without content. */
export function frame(wire: string): Frame {
  return { wire, output: 0, reasoning: 0 };
}

/** An event that carries a piece of the answer. */
export function outputFrame(wire: string, content: string): Frame {
  return { wire, output: Buffer.byteLength(content), reasoning: 0 };
}

/** An event with a piece of reasoning, or with the signature that stands for it. */
export function reasoningFrame(wire: string, content: string): Frame {
  return { wire, output: 0, reasoning: Buffer.byteLength(content) };
}

/** A server-sent event; with a name if the dialect names its events. */
export function sse(data: object, name?: string): string {
  const event = name === undefined ? '' : `event: ${name}\n`;
  return `${event}data: ${JSON.stringify(data)}\n\n`;
}

/** Cuts a text into pieces of one to two tokens. */
export function* pieces(text: string): Generator<string> {
  for (const [piece] of text.matchAll(/\s*\S{1,8}|\s+/gu)) yield piece;
}
