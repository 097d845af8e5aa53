import type { TextBlock } from './chat-request.ts';

/** A text block without citations or cache mark. */
export function textBlock(text: string): TextBlock {
  return { type: 'text', text, citations: [], cache: undefined };
}
