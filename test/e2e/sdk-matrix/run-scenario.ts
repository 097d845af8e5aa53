import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { DialectId } from '../../../src/dialects/dialect.ts';
import type { JsonObject } from '../../../src/dialects/json-object.ts';
import type { LedgerLine } from '../../support/start-proxy.ts';
import { chatClient } from './clients/chat.ts';
import { geminiClient } from './clients/gemini.ts';
import { messagesClient } from './clients/messages.ts';
import { responsesClient } from './clients/responses.ts';
import type { Answer, SdkClient } from './question.ts';
import {
  CHAT,
  type Expected,
  GEMINI,
  MESSAGES,
  type Pair,
  RESPONSES,
  type Scenario,
} from './scenario.ts';
import { readSentChat } from './sent/chat.ts';
import { readSentGemini } from './sent/gemini.ts';
import { readSentMessages } from './sent/messages.ts';
import { readSentResponses } from './sent/responses.ts';
import type { ReadSent } from './sent/sent.ts';

const CLIENTS: Record<DialectId, SdkClient> = {
  [CHAT]: chatClient,
  [RESPONSES]: responsesClient,
  [MESSAGES]: messagesClient,
  [GEMINI]: geminiClient,
};

const READERS: Record<DialectId, ReadSent> = {
  [CHAT]: readSentChat,
  [RESPONSES]: readSentResponses,
  [MESSAGES]: readSentMessages,
  [GEMINI]: readSentGemini,
};

/** Models that can do most of what their API can. */
const SLUGS: Record<DialectId, string> = {
  [CHAT]: 'gpt-5.4',
  [RESPONSES]: 'gpt-5.4',
  [MESSAGES]: 'claude-opus-4-7',
  [GEMINI]: 'gemini-3-pro-preview',
};

/** What the SDKs of OpenAI and Anthropic call an error with that status; Google's has one class. */
const ERROR_CLASSES: Record<number, string> = {
  400: 'BadRequestError',
  429: 'RateLimitError',
};

function errorClass(surface: DialectId, status: number | undefined): string {
  if (surface === GEMINI) return 'ApiError';
  // In a stream that was answered with 200.
  if (status === undefined) return 'APIError';
  if (surface === MESSAGES && status === 503) return 'ServiceUnavailableError';
  if (surface === MESSAGES && status === 529) return 'OverloadedError';
  return ERROR_CLASSES[status] ?? 'InternalServerError';
}

interface Upstreams {
  proxy: { url: string; ledgerFile: string };
  /** What the providers were sent since the last call. */
  takeSent(): JsonObject[];
}

/** Plays a scenario with one SDK and one provider, and looks at both of them and at the ledger. */
export async function runScenario(
  { proxy, takeSent }: Upstreams,
  pair: Pair,
  { question, expected, slug, times = 1 }: Scenario,
): Promise<void> {
  const { surface, upstream, stream } = pair;
  const asked = typeof question === 'function' ? question(pair) : question;
  const told = typeof expected === 'function' ? expected(pair) : expected;
  const model = `${upstream}/${slug?.(pair) ?? SLUGS[upstream]}`;
  const ask = () => CLIENTS[surface].ask(proxy.url, model, asked, stream);
  if (told.error !== undefined) {
    await assert.rejects(ask, (thrown) => isTold(thrown, pair, told.error));
    const { status, logged = status } = told.error;
    assert.equal((await lastLine(proxy))['http_status'], logged);
    return;
  }
  for (let again = 1; again < times; again += 1) await ask();
  takeSent();
  const answer = await ask();
  assertAnswer(answer, told, pair);
  const [body, ...others] = takeSent();
  assert.ok(body !== undefined && others.length === 0, 'the provider was asked once');
  const sent = READERS[upstream](body);
  assert.deepEqual({ ...sent, ...told.sent }, sent);
  assertBilled(answer, await lastLine(proxy), told);
}

/** The end of the ledger alone: it grows by hundreds of lines. */
async function lastLine({ ledgerFile }: Upstreams['proxy']): Promise<LedgerLine> {
  const lines = await readFile(ledgerFile, 'utf8');
  return JSON.parse(lines.slice(lines.lastIndexOf('\n', lines.length - 2) + 1));
}

/** The client was told the tokens that are billed, whatever its API calls them. */
function assertBilled({ usage }: Answer, line: LedgerLine, { source }: Expected): void {
  const { in: input, out: output, cache_read_text: cached = 0, reasoning = 0 } = line.tokens ?? {};
  assert.equal(line['usage_source'], source ?? 'reported');
  if (source === 'partial') return;
  assert.deepEqual(usage, { input, output, cached, reasoning });
}

function assertAnswer(answer: Answer, told: Expected, { surface, upstream }: Pair): void {
  const calls = answer.calls.map(({ name, args }) => ({ id: '', name, args }));
  assert.deepEqual({ ...answer, calls, ...told.answer }, { ...answer, calls });
  const ids = answer.calls.map(({ id }) => id);
  assert.ok(
    !ids.includes('') && new Set(ids).size === ids.length,
    'each call has an id of its own',
  );
  if (told.isCached !== undefined) assert.equal(answer.usage.cached > 1_000, told.isCached);
  assert.equal(answer.warnings, surface === upstream ? null : (told.warnings ?? null));
}

function isTold(thrown: unknown, { surface }: Pair, told: Expected['error']): boolean {
  const error = thrown as Error & { status?: number };
  const { status, message } = error;
  assert.equal(status, told?.status, message);
  assert.match(message, told?.message ?? /./);
  assert.equal(error.constructor.name, errorClass(surface, status));
  return true;
}
