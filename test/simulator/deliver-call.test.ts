import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, pickText, readEvents, startFor } from './ask.ts';
import { DIALECTS, readAnswer } from './dialect-cases.ts';

const NONE = { status: null, every: 1, truncate: false, errorIn200: false, hang: false };

describe('CFG-9 faults of the settings', () => {
  test('only billed requests are counted and struck by the settings', async (t) => {
    const simulator = await startFor(t, { faults: { ...NONE, status: 500, every: 2 } });
    const statuses: number[] = [];
    for (const path of ['moderations', 'embeddings', 'moderations', 'embeddings', 'embeddings']) {
      const { status } = await ask(simulator, `/v1/${path}`, { model: 'm', input: 'Hello' });
      statuses.push(status);
    }
    assert.deepEqual(statuses, [200, 200, 200, 500, 200]);
    assert.equal(simulator.bill().requests, 2);
  });

  test('a status comes as a rate limit that says when to retry', async (t) => {
    const simulator = await startFor(t, { faults: { ...NONE, status: 429 } });
    const { status, headers } = await ask(simulator, '/v1/embeddings', { model: 'm', input: 'Hi' });
    assert.equal(status, 429);
    assert.equal(headers.get('retry-after'), '1');
  });
});

for (const dialect of DIALECTS) {
  describe(`CFG-9 faults in ${dialect.name}`, () => {
    test('a status travels with the error body of the dialect, and costs nothing', async (t) => {
      const simulator = await startFor(t);
      const request = dialect.request({ text: '[[fault status=503]]' });
      const { status, body } = await ask(simulator, dialect.path(false), request);
      assert.equal(status, 503);
      assert.equal(pickText(body, dialect.errorMessage), 'This failure was asked for.');
      assert.equal(simulator.bill().requests, 0);
    });

    test('a header asks for a fault too', async (t) => {
      const simulator = await startFor(t);
      const headers = { 'x-simulator-fault': 'status=529' };
      const asked = ask(simulator, dialect.path(false), dialect.request({ text: 'Hi' }), headers);
      assert.equal((await asked).status, 529);
    });

    test('an error in a 200 stands before any content of a stream', async (t) => {
      const simulator = await startFor(t);
      const request = dialect.request({ text: '[[fault error_in_200]]', stream: true });
      const { status, events } = await ask(simulator, dialect.path(true), request);
      assert.equal(status, 200);
      assert.deepEqual(
        events.map((event) => pickText(event, dialect.streamErrorMessage)),
        ['This failure was asked for.'],
      );
    });

    test('an error in a 200 is the body of a plain answer', async (t) => {
      const simulator = await startFor(t);
      const request = dialect.request({ text: '[[fault error_in_200]]' });
      const { status, body } = await ask(simulator, dialect.path(false), request);
      assert.equal(status, 200);
      assert.equal(pickText(body, dialect.errorMessage), 'This failure was asked for.');
    });

    test('a cut stream breaks off within its content, and only that much is charged', async (t) => {
      const simulator = await startFor(t);
      const request = dialect.request({ text: '[[tokens 100]] [[fault truncate]]', stream: true });
      const { whole, text } = await readUntilCut(simulator.url + dialect.path(true), request);
      assert.equal(whole, false);
      const events = readEvents(text);
      const content = [...text.matchAll(/(the|sun|has|set|and|all|are|out)\b/g)].length;
      assert.ok(events.length > 40 && content >= 45 && content <= 50, `${content} of 100 words`);
      assert.equal(simulator.bill().byModel['m']?.usage.tokens.outText, 50);
    });

    test('a cut answer breaks off within its body, and is charged whole', async (t) => {
      const simulator = await startFor(t);
      const request = dialect.request({ text: '[[tokens 100]] [[fault truncate]]' });
      const { whole, text } = await readUntilCut(simulator.url + dialect.path(false), request);
      assert.equal(whole, false);
      assert.throws(() => JSON.parse(text));
      assert.equal(simulator.bill().byModel['m']?.usage.tokens.outText, 100);
    });

    test('a request that hangs is never answered', async (t) => {
      const simulator = await startFor(t);
      const body = JSON.stringify(dialect.request({ text: '[[fault hang]]' }));
      const abort = new AbortController();
      const hanging = fetch(simulator.url + dialect.path(false), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: abort.signal,
      });
      const later = await ask(simulator, dialect.path(false), dialect.request({ text: 'Hi' }));
      assert.match(readAnswer(dialect, later).text, /Hi$/);
      abort.abort();
      await assert.rejects(hanging, { name: 'AbortError' });
      assert.equal(simulator.bill().requests, 1);
    });
  });
}

async function readUntilCut(url: string, body: object): Promise<{ whole: boolean; text: string }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  let text = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  } catch {
    return { whole: false, text };
  }
  return { whole: true, text };
}
