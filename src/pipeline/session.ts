import { type ClientHeaders, readHeader } from '../core/client-headers.ts';
import { type CallRequest, readField } from './read-request.ts';

/** Ours first, then those of Claude Code, opencode and Codex, as recorded in test/fixtures/clients. */
const SESSION_HEADERS = [
  'x-signalbox-session',
  'x-claude-code-session-id',
  'x-session-id',
  'session-id',
];

/** What names a user and a session is short; anything longer names none. */
const MAX_USER_LENGTH = 1024;

/** Stood before the session in Claude Code's user until version 2.1. */
const MARK = '_session_';

/** The session that a client names in its headers. */
export function findSession(headers: ClientHeaders): string | undefined {
  for (const name of SESSION_HEADERS) {
    const session = readHeader(headers, name);
    if (session) return session;
  }
  return undefined;
}

/** The session that agents name in the body, for those whose headers did not arrive. */
export function findSessionInBody(request: CallRequest): string | undefined {
  try {
    return readClaudeSession(request) ?? readCacheKey(request);
  } catch {
    // A member that is no JSON is for somebody else to refuse.
    return undefined;
  }
}

/** Claude Code writes it into the user: as a JSON object, and before that behind a word. */
function readClaudeSession(request: CallRequest): string | undefined {
  const metadata = readField(request, 'metadata');
  if (typeof metadata !== 'object' || metadata === null || !('user_id' in metadata)) return;
  const { user_id: user } = metadata;
  if (typeof user !== 'string' || user.length > MAX_USER_LENGTH) return;
  return /"session_id":"([\w-]+)"/.exec(user)?.[1] ?? readMarkedSession(user);
}

function readMarkedSession(user: string): string | undefined {
  const mark = user.lastIndexOf(MARK);
  const session = mark === -1 ? '' : user.slice(mark + MARK.length);
  return /^[\w-]+$/.test(session) ? session : undefined;
}

/** Codex and opencode take their session for it; others, one conversation or one kind of prompt. */
function readCacheKey(request: CallRequest): string | undefined {
  const key = readField(request, 'prompt_cache_key');
  return typeof key === 'string' && key !== '' ? key : undefined;
}
