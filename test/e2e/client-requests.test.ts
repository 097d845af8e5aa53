import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { DialectId } from '../../src/dialects/dialect.ts';
import type { JsonObject } from '../../src/dialects/json-object.ts';
import { type Capture, capturesOf, sendCapture } from '../support/captures.ts';
import { checkTypes, type SentBody } from '../support/check-types.ts';
import { DIALECT_IDS, startDialectUpstreams } from '../support/dialect-upstreams.ts';

const CLIENTS = [
  ...['anthropic-sdk-threads', 'claude-code', 'cline', 'codex', 'continue'],
  ...['gemini-cli', 'opencode', 'qwen-code'],
];

/** Of each dialect models that differ in what they can do. */
const SLUGS: Record<DialectId, string[]> = {
  'openai-chat': ['gpt-4.1', 'gpt-5.4'],
  'openai-responses': ['gpt-5.4'],
  'anthropic-messages': ['claude-haiku-4-5', 'claude-opus-4-7'],
  'google-generate-content': ['gemini-2.5-flash', 'gemini-3-pro-preview'],
};

const PATHS: [path: RegExp, dialect: DialectId][] = [
  [/^\/v1\/chat\/completions/, 'openai-chat'],
  [/^\/v1\/responses/, 'openai-responses'],
  [/^\/v1\/messages/, 'anthropic-messages'],
  [/^\/v1beta\//, 'google-generate-content'],
];

/** Bodies that do not fit, each with what is said of it. */
const WRONG: [dialect: DialectId, body: JsonObject, finding: RegExp][] = [
  ['openai-chat', { model: 'm', messages: [], top_k: 3 }, /top_k/],
  ['openai-chat', { model: 'm', messages: [], stop: 3 }, /number/],
  ['openai-responses', { model: 'm', input: [{ type: 'mesage' }] }, /mesage/],
  ['openai-responses', { model: 'm', input: 'Hi', reasoning: { effort: 'huge' } }, /huge/],
  ['anthropic-messages', { model: 'm', messages: [] }, /max_tokens/],
  ['anthropic-messages', { model: 'm', max_tokens: 9, messages: [], seed: 1 }, /seed/],
  ['google-generate-content', { contents: [{ parts: [{ txt: 'Hi' }] }] }, /txt/],
  ['google-generate-content', { contents: [], generationConfig: { topK: '3' } }, /string/],
];

/** The captured request, asking for that model. */
function askingFor(model: string, { url, body, ...rest }: Capture): Capture {
  return {
    ...rest,
    url: url.replace(/models\/[^:]+:/, `models/${model}:`),
    body: body?.['model'] === undefined ? { ...body } : { ...body, model },
  };
}

/** The requests that clients make as they talk to a model, or count before. */
const captures = CLIENTS.flatMap((client) =>
  capturesOf(client)
    .filter(({ method }) => method === 'POST')
    .map((capture) => ({ client, capture })),
);

const models = DIALECT_IDS.flatMap((dialect) => SLUGS[dialect].map((slug) => ({ dialect, slug })));

/** Sends every captured request to every model; gives what the providers were sent in translation. */
async function sendAll(t: TestContext): Promise<SentBody[]> {
  const { proxy, takeSent } = await startDialectUpstreams(t);
  const sent: SentBody[] = [];
  for (const { client, capture } of captures) {
    const surface = PATHS.find(([path]) => path.test(capture.url))?.[1];
    for (const { dialect, slug } of models) {
      const name = `${client} ${capture.url} to ${dialect}/${slug}`;
      const answer = await sendCapture(proxy.url, askingFor(`${dialect}/${slug}`, capture));
      // A thread that the provider would keep is refused; the client then sends all of it.
      assert.equal(answer.status, capture.status, `${name}: ${answer.text}`);
      const bodies = takeSent();
      // What stays in its dialect is the client's own bytes, and a count is no chat.
      if (dialect === surface || capture.url.includes('count_tokens')) continue;
      assert.equal(bodies.length, capture.status === 200 ? 1 : 0, name);
      sent.push(...bodies.map((body) => ({ name, dialect, body })));
    }
  }
  return sent;
}

describe('what real clients send', () => {
  test('API-4: is served by every dialect, and fits the types of its SDK', async (t) => {
    const sent = await sendAll(t);
    assert.ok(sent.length > 100);
    const wrong = WRONG.map(([dialect, body], index) => ({
      name: `wrong ${index}`,
      dialect,
      body,
    }));
    const findings = checkTypes([...sent, ...wrong]);
    assert.deepEqual(
      findings.filter((finding) => !finding.startsWith('wrong')),
      [],
    );
    for (const [index, [, , finding]] of WRONG.entries()) {
      const [found] = findings.filter((line) => line.startsWith(`wrong ${index}: `));
      assert.match(found ?? '', finding);
    }
  });
});
