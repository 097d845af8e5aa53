import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { describe, test } from 'node:test';
import { type CliRun, listeningUrl, startCli, writeConfig } from '../support/start-cli.ts';
import { WIRES, type Wire } from '../support/wires.ts';

const CONFIG = {
  providers: { sim: { type: 'MOCK', config: { ttft_ms: 20, tokens_per_second: 400 } } },
  models: { m: { provider: 'sim', pricing: 'none' } },
};

/** Kills, each at a moment of its own; `KILLS=200` takes minutes. */
const KILLS = Number(process.env['KILLS'] ?? 2);

const STREAMS = 60;

/** About as long as the streams of one round take. */
const LONGEST_MS = 400;

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

/** Kills the proxy under 60 streams: behind some answer's end, or at any moment; the ids seen whole. */
async function killUnderLoad({ run, url }: { run: CliRun; url: string }, round: number) {
  const ended: string[] = [];
  const isAtEnd = round % 2 === 0;
  const last = round === 0 ? STREAMS / 2 : 1 + Math.floor(Math.random() * STREAMS);
  const streams = Array.from({ length: STREAMS }, (_, index) =>
    stream(url, WIRES[index % WIRES.length] as Wire, (id) => {
      ended.push(id);
      if (isAtEnd && ended.length === last) run.kill('SIGKILL');
    }),
  );
  if (!isAtEnd) setTimeout(() => run.kill('SIGKILL'), Math.random() * LONGEST_MS);
  assert.equal(await run.exited, 'SIGKILL');
  await Promise.all(streams);
  return ended;
}

describe('a proxy that is killed', () => {
  test('LED-3: SIGKILL under load loses no line of an answer that its client saw whole', async (t) => {
    const { configFile, ledgerFile } = await writeConfig(t, CONFIG);
    const restart = async () => {
      const run = startCli(t, ['serve', '--config', configFile, '--port', '0']);
      return { run, url: await listeningUrl(run) };
    };
    const ended: string[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      ended.push(...(await killUnderLoad(await restart(), kill)));
    }
    // The next start repairs what was torn.
    const { run } = await restart();
    run.kill('SIGTERM');
    assert.equal(await run.exited, 0);
    const text = await readFile(ledgerFile, 'utf8');
    assert.ok(text.endsWith('\n'));
    const written = text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { request_id: string }).request_id);
    const ids = new Set(written);
    assert.equal(ids.size, written.length, 'each once');
    assert.ok(ended.length >= STREAMS / 2 && ended.length >= KILLS / 2);
    assert.deepEqual(
      ended.filter((id) => !ids.has(id)),
      [],
    );
    t.diagnostic(`${KILLS} kills, ${ended.length} answers seen whole, ${written.length} lines`);
  });
});
