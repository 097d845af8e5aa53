import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { describe, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { serve } from '../support/start-cli.ts';

const STREAMS = 1_000;

/** Generous: what all of it may add to the resident memory of the proxy, its simulator included. */
const MAX_GROWTH_MIB = 400;

const CONFIG = {
  providers: { sim: { type: 'MOCK', config: { ttft_ms: 2_000, tokens_per_second: 40 } } },
  models: {
    m: {
      provider: 'sim',
      pricing: {
        input: { text_cost_per_1k_tokens: 0.001 },
        output: { text_cost_per_1k_tokens: 0.002 },
      },
    },
  },
};

const BODY = JSON.stringify({
  model: 'm',
  stream: true,
  messages: [{ role: 'user', content: 'Count. [[tokens 40]]' }],
});

const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });

interface Line {
  request_id: string;
  cost_nanos_usd: number;
}

/** One stream to its end: the id of its request, and its text. */
function stream(url: string): Promise<{ id: string; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const sent = request(
      `${url}/v1/chat/completions`,
      { method: 'POST', headers, agent },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ id: String(response.headers['x-request-id']), text }));
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(BODY);
  });
}

/** Resident mebibytes of a process; null where the system does not tell. */
async function residentMiB(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(status) ?? [];
  return kilobytes === undefined ? null : Number(kilobytes) / 1024;
}

describe('a thousand streams at once', () => {
  test('FAI-7, LED-6: all complete, each is on the ledger once, and memory stays bounded', async (t) => {
    const { run, url, ledgerFile } = await serve(t, CONFIG);
    t.after(() => agent.destroy());
    const before = await residentMiB(run.pid);
    let peak = 0;
    const watch = setInterval(async () => {
      peak = Math.max(peak, (await residentMiB(run.pid)) ?? 0);
    }, 100);
    t.after(() => clearInterval(watch));

    const all = await Promise.all(Array.from({ length: STREAMS }, () => stream(url)));
    for (const { text } of all) {
      assert.ok(text.endsWith('data: [DONE]\n\n'));
      assert.equal([...text.matchAll(/"content":"[^"]+"/g)].length, 40);
    }
    const ledger = await eventually('every line', async () => {
      const text = await readFile(ledgerFile, 'utf8');
      return text.split('\n').length > STREAMS ? text.trim() : null;
    });
    const lines = ledger.split('\n').map((line) => JSON.parse(line) as Line);
    assert.deepEqual(lines.map((line) => line.request_id).sort(), all.map(({ id }) => id).sort());
    const cost = lines[0]?.cost_nanos_usd;
    assert.ok(Number(cost) > 0 && lines.every((line) => line.cost_nanos_usd === cost));
    if (before !== null) {
      assert.ok(
        peak - before < MAX_GROWTH_MIB,
        `${Math.round(before)} MiB became ${Math.round(peak)}`,
      );
      t.diagnostic(`${Math.round(before)} MiB became ${Math.round(peak)} at most`);
    }
  });
});
