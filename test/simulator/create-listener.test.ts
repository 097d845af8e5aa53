import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, pick, pickList, pickText, startFor } from './ask.ts';
import { DIALECTS } from './dialect-cases.ts';

describe('CFG-9 the simulator as a server', () => {
  test('any key is accepted but the key `invalid`, wherever it is sent', async (t) => {
    const simulator = await startFor(t);
    for (const dialect of DIALECTS) {
      for (const headers of [
        { authorization: 'Bearer invalid' },
        { 'x-api-key': 'invalid' },
        { 'x-goog-api-key': 'invalid' },
      ]) {
        const request = dialect.request({ text: 'Hi' });
        const { status, body } = await ask(simulator, dialect.path(false), request, headers);
        assert.equal(status, 401);
        assert.equal(pickText(body, dialect.errorMessage), 'Incorrect API key provided.');
      }
    }
    const { status } = await ask(simulator, '/models/m:embedContent?key=invalid', {});
    assert.equal(status, 401);
  });

  test('errors have the shape of their dialect', async (t) => {
    const simulator = await startFor(t);
    const headers = { 'x-api-key': 'invalid' };
    const [chat, , messages, gemini] = await Promise.all(
      DIALECTS.map((dialect) => ask(simulator, dialect.path(false), {}, headers)),
    );
    assert.deepEqual(pick(chat?.body, 'error'), {
      message: 'Incorrect API key provided.',
      type: 'authentication_error',
      param: null,
      code: 'invalid_api_key',
    });
    assert.equal(pick(messages?.body, 'type'), 'error');
    assert.equal(pick(messages?.body, 'error.type'), 'authentication_error');
    assert.equal(pick(messages?.body, 'request_id'), messages?.headers.get('request-id'));
    assert.equal(pick(gemini?.body, 'error.code'), 401);
    assert.equal(pick(gemini?.body, 'error.status'), 'UNAUTHENTICATED');
  });

  test('every answer carries the request id header of its dialect', async (t) => {
    const simulator = await startFor(t);
    const ids: (string | null)[] = [];
    for (const dialect of DIALECTS) {
      const { headers } = await ask(
        simulator,
        dialect.path(false),
        dialect.request({ text: 'Hi' }),
      );
      const name = dialect.name === 'anthropic-messages' ? 'request-id' : 'x-request-id';
      ids.push(headers.get(name));
    }
    assert.ok(ids.every((id) => id?.startsWith('req_')));
    assert.equal(new Set(ids).size, ids.length);
  });

  test('routes are served with any version segment and without', async (t) => {
    const simulator = await startFor(t);
    for (const version of ['/v1', '/v1beta', '']) {
      for (const dialect of DIALECTS) {
        const path = dialect.path(false).replace(/^\/v1(beta)?/, version);
        const { status } = await ask(simulator, path, dialect.request({ text: 'Hi' }));
        assert.equal(status, 200, path);
      }
    }
  });

  test('an unknown route and a wrong method are 404 in the shape of the API', async (t) => {
    const simulator = await startFor(t);
    assert.equal((await ask(simulator, '/v1/nothing', {})).status, 404);
    assert.equal((await fetch(`${simulator.url}/v1/chat/completions`)).status, 404);
    const google = await ask(simulator, '/v1beta/models/m:explode', {});
    assert.equal(pick(google.body, 'error.status'), 'NOT_FOUND');
  });

  test('models are listed in the shape that the headers ask for', async (t) => {
    const simulator = await startFor(t);
    const list = async (headers: Record<string, string>, path = '/v1/models'): Promise<unknown> =>
      (await fetch(simulator.url + path, { headers })).json();
    const openai = await list({});
    const anthropic = await list({ 'anthropic-version': '2023-06-01' });
    const google = await list({ 'x-goog-api-key': 'k' });
    assert.equal(pick(openai, 'object'), 'list');
    assert.equal(pick(anthropic, 'first_id'), pick(anthropic, 'data.0.id'));
    assert.equal(pick(google, 'models.0.name'), `models/${pick(openai, 'data.0.id')}`);
    assert.equal(pickList(await list({}, '/v1beta/models'), 'models').length, 5);
    assert.equal(pickList(await list({}, '/v1/models?key=k'), 'models').length, 5);
    assert.equal(pick(await list({}, '/models/sim-large'), 'id'), 'sim-large');
    assert.equal(pick(await list({}, '/models/unheard-of'), 'error.code'), 'model_not_found');
  });

  test('a body that is not an object, and a broken form, are refused', async (t) => {
    const simulator = await startFor(t);
    assert.equal((await ask(simulator, '/v1/chat/completions', '[]')).status, 400);
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const form = await ask(simulator, '/v1/audio/transcriptions', '--x\r\nnonsense', headers);
    assert.equal(form.status, 400);
  });

  test('closing cuts what still runs', async (t) => {
    const simulator = await startFor(t);
    const hanging = ask(simulator, '/v1/chat/completions', {
      model: 'm',
      messages: [{ role: 'user', content: '[[fault hang]]' }],
    });
    const rejected = assert.rejects(hanging);
    // An answer to a later request shows that the first one has arrived.
    await ask(simulator, '/v1/embeddings', { model: 'm', input: 'Hi' });
    await simulator.close();
    await rejected;
  });
});
