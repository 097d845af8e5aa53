import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { type AnswerKind, upstreamPath } from './answer-kinds.ts';
import { auditLedger, type LedgerAudit } from './audit-ledger.ts';
import { chatBody } from './chat-body.ts';
import type { LoadResult } from './load-order.ts';
import { cpuMicros } from './process-figures.ts';
import { requestedModel } from './signalbox-config.ts';
import { bundleOf, type RunningServer, startLoad, startServer } from './start-process.ts';
import { API_KEY, ledgerIn } from './targets/signalbox.ts';
import type { Launch, TargetKind, TargetName, TargetRequest } from './targets/target-kind.ts';

/** Something that answers chat completions, in a process of its own. */
export interface Target extends RunningServer {
  name: TargetName | 'upstream';
  /** How many processes share its port. */
  processes: number;
  request(kind: AnswerKind): TargetRequest;
}

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
  /** Those that can run here, in the order of the report. */
  names: readonly TargetName[];
  /** Where all calls end. */
  upstream: Target;
  /** Starts one, of so many processes if it can be; the lab stops it. */
  start(name: TargetName, processes?: number): Promise<Target>;
  /** Throws unless the target answers a request of that kind just as the upstream does. */
  checkAnswer(target: Target, kind: AnswerKind): Promise<void>;
  load(target: Target, load: Load): Promise<LoadSample>;
  /** Compares the ledger with the calls that Signalbox has answered; throws if they differ. */
  audit(): Promise<LedgerAudit>;
  close(): Promise<void>;
}

/** Starts the upstream and the load, ready for targets; says on stderr which of them cannot run here. */
export async function openLab(kinds: readonly TargetKind[]): Promise<Lab> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
  const upstream: Target = {
    name: 'upstream',
    processes: 1,
    request: (kind) => ({ path: upstreamPath(kind) }),
    ...(await startServer({ words: [bundleOf('upstream')] })),
  };
  const load = startLoad();
  const stops = [upstream.stop, load.stop];
  const place = { upstreamPort: upstream.port, folder, processes: 1 };
  /** By processes, of which each number has its own ledger. */
  const answeredBySignalbox = new Map<number, number>();
  const noteAnswers = ({ name, processes }: Target, answers: number) => {
    if (name !== 'signalbox') return;
    answeredBySignalbox.set(processes, (answeredBySignalbox.get(processes) ?? 0) + answers);
  };

  const launches = new Map<TargetName, (processes: number) => Promise<Launch | string>>();
  for (const kind of kinds) {
    const reason = await kind.prepare(place);
    if (typeof reason === 'string') process.stderr.write(`Without ${kind.name}: ${reason}\n`);
    else launches.set(kind.name, (processes) => kind.prepare({ ...place, processes }));
  }

  return {
    names: [...launches.keys()],
    upstream,
    async start(name, processes = 1) {
      const kind = kinds.find((candidate) => candidate.name === name);
      const launch = await launches.get(name)?.(processes);
      assert.ok(kind && launch && typeof launch !== 'string', `${name} cannot run here`);
      const server = await startServer(launch);
      stops.push(server.stop);
      return { name, processes, request: (answer) => kind.request(answer, place), ...server };
    },
    async checkAnswer(target, kind) {
      const [expected, actual] = [await ask(upstream, kind), await ask(target, kind)];
      assert.equal(actual, expected, `${target.name} changes the upstream's answer`);
      noteAnswers(target, 1);
    },
    async load(target, { kind, bodyBytes, connections, durationMs }) {
      const before = cpuMicros(target.pid);
      const result = await load.run({
        port: target.port,
        headers: {},
        ...target.request(kind),
        apiKey: API_KEY,
        body: bodyShape(kind, bodyBytes),
        connections,
        durationMs,
      });
      const after = cpuMicros(target.pid);
      noteAnswers(target, result.answers);
      const isKnown = before !== undefined && after !== undefined;
      return { ...result, cpuMicros: isKnown ? after - before : undefined };
    },
    async audit() {
      const sum: LedgerAudit = { calls: 0, costNanos: 0n };
      for (const [processes, answered] of answeredBySignalbox) {
        const { calls, costNanos } = await auditLedger(ledgerIn(folder, processes), answered);
        sum.calls += calls;
        sum.costNanos += costNanos;
      }
      return sum;
    },
    async close() {
      await Promise.all(stops.map((stop) => stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function bodyShape(kind: AnswerKind, bytes: number) {
  return { model: requestedModel(kind), bytes, stream: kind !== 'whole' };
}

async function ask(target: Target, kind: AnswerKind): Promise<string> {
  const { path, headers } = target.request(kind);
  const answer = await request(`http://127.0.0.1:${target.port}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${API_KEY}`,
      'content-type': 'application/json',
      ...headers,
    },
    body: chatBody(bodyShape(kind, 1024)),
  });
  return answer.body.text();
}
