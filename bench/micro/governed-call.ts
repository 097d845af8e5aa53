import { createHash } from 'node:crypto';
import { handleCall } from '../../src/pipeline/handle-call.ts';
import type { Runtime } from '../../src/pipeline/runtime.ts';
import { chatBody } from '../chat-body.ts';
import { requestedModel } from '../signalbox-config.ts';
import { API_KEY, createBenchCall, createBenchRuntime } from './bench-runtime.ts';
import type { PieceGroup } from './piece.ts';

const CALLS = 100;
/** So much code is compiled late. */
const WARM_UPS = 200;

/** A governed call through the whole pipeline, without the sockets on both sides of it. */
export async function createCallGroup(): Promise<PieceGroup> {
  const runtime = await createBenchRuntime();
  const body = chatBody({ model: requestedModel('whole'), bytes: 1024, stream: false });
  for (let round = 0; round < WARM_UPS; round += 1) await handleCalls(runtime, body);
  return {
    name: 'call',
    title: 'Governed 1 KB chat call, from its body to its answer, without sockets and disk',
    pieces: [
      {
        label: 'SHA-256 of its API key',
        operations: 1,
        run: () => createHash('sha256').update(API_KEY).digest(),
      },
      { label: 'handleCall', operations: CALLS, run: () => handleCalls(runtime, body) },
    ],
  };
}

/** Together, as a busy proxy's calls run. */
function handleCalls(runtime: Runtime, body: Buffer): Promise<unknown> {
  return Promise.all(
    Array.from({ length: CALLS }, () => handleCall(createBenchCall(body), runtime)),
  );
}
