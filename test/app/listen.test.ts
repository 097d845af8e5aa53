import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { listen } from '../../src/app/listen.ts';
import { StartError } from '../../src/app/start-error.ts';

describe('listen', () => {
  test('CLI-1: it returns a URL that works, with brackets around an IPv6 address', async (t) => {
    for (const [host, start] of [
      ['127.0.0.1', 'http://127.0.0.1:'],
      ['::1', 'http://[::1]:'],
    ] as const) {
      const server = createServer((_request, response) => response.end('here'));
      t.after(() => server.close());
      const url = await listen(server, host, 0);
      assert.ok(url.startsWith(start), url);
      assert.equal(await (await fetch(url)).text(), 'here');
    }
  });

  test('CLI-1: what is in the way is told in words', async (t) => {
    const taken = createServer();
    t.after(() => taken.close());
    const port = Number(new URL(await listen(taken, '127.0.0.1', 0)).port);
    for (const [host, says] of [
      ['127.0.0.1', /^Port \d+ is taken on 127\.0\.0\.1\..*--port/],
      ['192.0.2.1', /^192\.0\.2\.1 is no address of this machine/],
      ['no-such-host.invalid', /no-such-host\.invalid/],
    ] as const) {
      await assert.rejects(listen(createServer(), host, port), (error) => {
        assert.ok(error instanceof StartError);
        assert.match(error.message, says);
        return true;
      });
    }
  });
});
