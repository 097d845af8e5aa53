import type { DialectId } from '../dialects/dialect.ts';
import { dialects } from '../dialects/dialects.ts';
import type { Operation } from '../dialects/operation.ts';
import { parseWire, stringifyWire } from '../dialects/raw-json.ts';
import { replaceMember, type Splice } from '../dialects/splice-json.ts';
import { capsOfEndpoint } from './endpoint-caps.ts';
import type { AttemptContext } from './exchange.ts';
import { CHATS } from './serving.ts';

const DIALECTS: Partial<Record<Operation, DialectId>> = {
  ...CHATS,
  messages_count_tokens: 'anthropic-messages',
  responses_input_tokens: 'openai-responses',
};

/**
 * The edits that take the reasoning of other providers out of a conversation that goes on with one of
 * the client's own dialect, which would refuse it. Bodies without any, nearly all, are not parsed.
 */
export function foreignStateSplices({ call, endpoint, request }: AttemptContext): Splice[] {
  const dialect = DIALECTS[call.operation];
  const { body, json } = request;
  if (dialect === undefined || json === null || !json.mayHoldForeignState) return [];
  const caps = capsOfEndpoint(endpoint, dialect);
  const changed = dialects[dialect].dropForeignState(parseWire(body), caps);
  return Object.entries(changed).flatMap(([member, value]) =>
    replaceMember(json, member, stringifyWire(value)),
  );
}
