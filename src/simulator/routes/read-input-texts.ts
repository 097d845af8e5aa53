import { asList, asText } from '../json-object.ts';

/** Four bytes: what stands for a token that the client sent as a number. */
const ONE_TOKEN = 'tok ';

/**
 * The texts of an `input` or `prompt`: one text, several, one list of token ids, or several. A token
 * id counts as one token.
 */
export function readInputTexts(input: unknown): string[] {
  if (typeof input === 'string') return [input];
  const members = asList(input);
  if (members.some((member) => typeof member === 'number')) return [ofTokenIds(members)];
  return members.map((member) => (Array.isArray(member) ? ofTokenIds(member) : asText(member)));
}

function ofTokenIds(ids: unknown[]): string {
  return ONE_TOKEN.repeat(ids.length);
}
