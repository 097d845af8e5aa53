import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { type AnswerKind, upstreamPath } from './answer-kinds.ts';
import { chatBody } from './chat-body.ts';
import type { LoadResult } from './load-order.ts';
import { cpuMicros } from './process-figures.ts';
import { requestedModel, signalboxConfig } from './signalbox-config.ts';
import {
  bundleOf,
  type RunningServer,
  SIGNALBOX,
  startLoad,
  startServer,
} from './start-process.ts';

const API_KEY = 'sk-bench-client';

/** Something that answers chat completions, in a process of its own. */
export interface Target extends RunningServer {
  name: TargetName;
}

export type TargetName = 'upstream' | 'bare' | 'signalbox';

/** What one load is like; its answers are of one kind. */
export interface Load {
  kind: AnswerKind;
  bodyBytes: number;
  connections: number;
  durationMs: number;
}

/** What a load showed, with the processor time that the target itself used for it. */
export interface LoadSample extends LoadResult {
  cpuMicros: number | undefined;
}

/** Fresh processes for one measure: the upstream, what stands before it, and the load. */
export interface Lab {
  /** Starts one; the lab stops it. */
  start(name: TargetName): Promise<Target>;
  /** Throws unless the target answers a request of that kind just as the upstream does. */
  checkAnswer(target: Target, kind: AnswerKind): Promise<void>;
  load(target: Target, load: Load): Promise<LoadSample>;
  close(): Promise<void>;
}

/** Starts the upstream and the load, ready for targets. */
export async function openLab(): Promise<Lab> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
  const configFile = join(folder, 'config.yaml');
  const upstream: Target = { name: 'upstream', ...(await startServer([bundleOf('upstream')])) };
  const load = startLoad();
  const stops = [upstream.stop, load.stop];
  writeFileSync(
    configFile,
    signalboxConfig({
      upstreamPort: upstream.port,
      // In a folder of its own, as the default is: the config's folder is watched.
      ledgerFile: join(folder, 'usage', 'usage.jsonl'),
      apiKey: API_KEY,
    }),
  );
  const commands: Record<Exclude<TargetName, 'upstream'>, string[]> = {
    bare: [bundleOf('bare'), `http://127.0.0.1:${upstream.port}`],
    signalbox: [SIGNALBOX, 'serve', '--config', configFile, '--port', '0'],
  };

  return {
    async start(name) {
      if (name === 'upstream') return upstream;
      const server = await startServer(commands[name]);
      stops.push(server.stop);
      return { name, ...server };
    },
    async checkAnswer(target, kind) {
      const [expected, actual] = [await ask(upstream, kind), await ask(target, kind)];
      assert.equal(actual.text, expected.text, `${target.name} changes the upstream's answer`);
      if (target.name !== 'signalbox' || kind !== 'whole') return;
      assert.ok(actual.headers['x-signalbox-cost-usd'], 'Signalbox does not price the call');
    },
    async load(target, { kind, bodyBytes, connections, durationMs }) {
      const before = cpuMicros(target.pid);
      const result = await load.run({
        port: target.port,
        path: pathAt(target, kind),
        apiKey: API_KEY,
        body: bodyShape(kind, bodyBytes),
        connections,
        durationMs,
      });
      const after = cpuMicros(target.pid);
      const isKnown = before !== undefined && after !== undefined;
      return { ...result, cpuMicros: isKnown ? after - before : undefined };
    },
    async close() {
      await Promise.all(stops.map((stop) => stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function pathAt({ name }: Target, kind: AnswerKind): string {
  return name === 'signalbox' ? '/v1/chat/completions' : upstreamPath(kind);
}

function bodyShape(kind: AnswerKind, bytes: number) {
  return { model: requestedModel(kind), bytes, stream: kind !== 'whole' };
}

async function ask(target: Target, kind: AnswerKind) {
  const answer = await request(`http://127.0.0.1:${target.port}${pathAt(target, kind)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
    body: chatBody(bodyShape(kind, 1024)),
  });
  return { headers: answer.headers, text: await answer.body.text() };
}
