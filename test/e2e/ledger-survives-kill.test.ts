import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { describe, test } from 'node:test';
import { serve } from '../support/start-cli.ts';
import { WIRES, type Wire } from '../support/wires.ts';

const CONFIG = {
  providers: { sim: { type: 'MOCK', config: { ttft_ms: 20, tokens_per_second: 400 } } },
  models: { m: { provider: 'sim', pricing: 'none' } },
};

/** Streams an answer; tells the id of the request when the client has seen the end. */
function stream(url: string, wire: Wire, onEnd: (id: string) => void): Promise<void> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json' };
    const sent = request(
      url + wire.path('m', true),
      { method: 'POST', headers, agent: false },
      (response) => {
        let seen = '';
        response.on('data', (chunk) => {
          if (seen.includes(wire.end)) return;
          seen += chunk;
          if (seen.includes(wire.end)) onEnd(String(response.headers['x-request-id']));
        });
        response.on('close', resolve);
        // The connection breaks when the proxy is killed.
        response.on('error', () => {});
      },
    );
    sent.on('error', () => resolve());
    sent.end(JSON.stringify(wire.request('m', true)));
  });
}

describe('a proxy that is killed', () => {
  test('LED-3: SIGKILL right after a client saw the end of its answer loses no line', async (t) => {
    const { run, url, ledgerFile } = await serve(t, CONFIG);
    const ended: string[] = [];
    const streams = Array.from({ length: 60 }, (_, index) =>
      stream(url, WIRES[index % WIRES.length] as Wire, (id) => {
        ended.push(id);
        if (ended.length === 30) run.kill('SIGKILL');
      }),
    );
    assert.equal(await run.exited, 'SIGKILL');
    await Promise.all(streams);
    const text = await readFile(ledgerFile, 'utf8');
    const written = new Set(
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => (JSON.parse(line) as { request_id: string }).request_id),
    );
    assert.ok(ended.length >= 30);
    assert.deepEqual(
      ended.filter((id) => !written.has(id)),
      [],
    );
  });
});
