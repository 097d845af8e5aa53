import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GatewayError } from '../../src/core/gateway-error.ts';
import { findRoute } from '../../src/server/router.ts';

/** What is said behind `There is no route POST …`. */
function explained(path: string): string {
  try {
    findRoute({ method: 'POST', path, surfaceHint: 'openai' });
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    const head = `There is no route POST ${path}; `;
    assert.ok(error.message.startsWith(head), error.message);
    return error.message.slice(head.length);
  }
  return 'found';
}

describe('explainNoRoute', () => {
  test('a base URL with its version twice is told, and which ones are right', () => {
    const right =
      'It is http://HOST:PORT/v1 for OpenAI clients, and http://HOST:PORT for Anthropic and Google clients.';
    for (const path of ['/v1/v1/chat/completions', '/v1/v1/messages', '/v1/v1']) {
      assert.equal(explained(path), `the base URL has /v1 twice. ${right}`);
    }
    assert.equal(
      explained('/v1/v1beta/models/m:x'),
      `the base URL has /v1, and the client adds /v1beta. ${right}`,
    );
  });

  test('a near miss is told what was meant', () => {
    for (const [path, meant] of [
      ['/v1/chat/completion', '/v1/chat/completions'],
      ['/v2/chat/completions', '/v1/chat/completions'],
      ['/openai/v1/responses', '/v1/responses'],
      ['/v1/message', '/v1/messages'],
      ['/v1/chat', '/v1/chat/completions'],
      ['/health', '/health/live'],
    ] as const) {
      assert.equal(explained(path), `did you mean \`${meant}\`?`);
    }
  });

  test('an API that is known and not offered is told to be so', () => {
    for (const part of ['files', 'batches', 'rerank', 'realtime', 'assistants', 'threads']) {
      assert.equal(explained(`/v1/${part}`), `Signalbox does not offer /${part}.`);
      assert.equal(explained(`/v1/${part}/abc`), `Signalbox does not offer /${part}.`);
    }
  });

  test('what is near to nothing is sent to the README', () => {
    for (const path of ['/nothing', '/v1', '/v1/models/m', `/${'x'.repeat(10_000)}`]) {
      assert.equal(explained(path), 'the README lists the routes.');
    }
  });
});
