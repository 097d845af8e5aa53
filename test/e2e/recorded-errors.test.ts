import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asObject } from '../../src/dialects/json-object.ts';
import { type Recording, recordings } from '../support/recordings.ts';
import { type Replay, replay } from '../support/replay.ts';

const errors = recordings().filter(({ status }) => status >= 400);
const isAboutOurKey = ({ status }: Recording) => status === 401 || status === 403;

function assertUnbilled({ line, status, recording }: Replay, code: string): void {
  assert.equal(line['http_status'], status, recording.id);
  assert.equal(line['error_code'], code, recording.id);
  assert.equal(line['usage_source'], 'none', recording.id);
  assert.equal(line['cost_nanos_usd'], 0, recording.id);
  assert.equal(line.tokens, undefined, recording.id);
  assert.equal(line.routing?.attempts?.[0]?.['status'], recording.status, recording.id);
}

describe('recorded errors through the proxy', () => {
  test('FAI-3: an upstream’s refusal reaches the client as the provider wrote it', async (t) => {
    const refusals = errors.filter((recording) => !isAboutOurKey(recording));
    assert.ok(refusals.length > 15);
    for (const reply of await replay(t, refusals)) {
      const { recording, status, headers, body } = reply;
      assert.equal(status, recording.status, recording.id);
      assert.equal(headers.get('content-type'), recording.contentType, recording.id);
      assert.ok(body.equals(recording.bodyBytes), recording.id);
      assertUnbilled(reply, 'upstream_error');
    }
  });

  test('FAI-3: a refusal of our own key is 502 upstream_auth_error, whose text stays here', async (t) => {
    const refusals = errors.filter(isAboutOurKey);
    assert.ok(refusals.length > 0);
    for (const reply of await replay(t, refusals)) {
      const { error } = JSON.parse(reply.body.toString());
      assert.equal(reply.status, 502);
      assert.equal(error.code, 'upstream_auth_error');
      const { message } = asObject(
        asObject(JSON.parse(reply.recording.bodyBytes.toString()))['error'],
      );
      assert.ok(!reply.body.includes(String(message)));
      assertUnbilled(reply, 'upstream_auth_error');
    }
  });
});
