import { Agent, type IncomingMessage, request } from 'node:http';
import { WIRES, type Wire } from '../support/wires.ts';
import type { Random } from './random.ts';

/** What one call is to be like. */
export interface Plan {
  wire: Wire;
  isStream: boolean;
  /** `native` or `translated`. */
  way: 'n' | 't';
  slug: string;
  prompt: string;
  /** When the client goes away; null = it stays. */
  abortMs: number | null;
  /** Nothing is wrong with the call, and no proxy dies meanwhile: it has no reason to fail. */
  mustSucceed: boolean;
}

/** How a call looked to its client. */
export interface Outcome {
  slug: string;
  /** What was asked of whom, for reports. */
  what: string;
  mustSucceed: boolean;
  requestId: string | null;
  status: number;
  /** The client saw the whole answer and its end. */
  isWhole: boolean;
  /** What the client saw last, for reports. */
  tail: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 200 });

/** Closes the connections that are kept for the next call. */
export function hangUpClients(): void {
  agent.destroy();
}

type Mood = { isRough: boolean; mustSucceed: boolean };

/** What a call looked like at its end, in reports of failures. */
const TAIL_LENGTH = 300;

/** A call at random; a rough one may break on either side, a calm one should not. */
export function planCall(random: Random, slug: string, { isRough, mustSucceed }: Mood): Plan {
  const tokens = `[[tokens ${random.between(1, 60)}]]`;
  const pace = `[[ttft ${random.between(0, 30)}]] [[speed ${random.pick([0, 200, 1000])}]]`;
  const isStream = random.chance(0.7);
  const faults = ['status=503', 'status=429', 'error_in_200', ...(isStream ? ['truncate'] : [])];
  const fault = isRough && random.chance(0.15) ? `[[fault ${random.pick(faults)}]]` : '';
  return {
    wire: random.pick(WIRES),
    isStream,
    way: random.pick(['n', 't']),
    slug,
    prompt: `${'word '.repeat(random.between(1, 40))}${tokens} ${pace} ${fault}`,
    abortMs: isRough && random.chance(0.15) ? random.between(0, 120) : null,
    mustSucceed,
  };
}

/** Makes the call; never rejects, since to be cut off is an outcome too. */
export function makeCall(url: string, plan: Plan): Promise<Outcome> {
  const { wire, isStream, way, slug, abortMs } = plan;
  const model = `${way}/${slug}`;
  const body = JSON.stringify(wire.request(model, isStream)).replace('"Hi"', () =>
    JSON.stringify(plan.prompt),
  );
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${API_KEY}` };
  return new Promise((resolve) => {
    let response: IncomingMessage | null = null;
    let text = '';
    let isComplete = false;
    const finish = () => {
      clearTimeout(abort);
      const status = response?.statusCode ?? 0;
      const id = response?.headers['x-request-id'];
      const isWhole = status === 200 && (isStream ? text.includes(wire.end) : isComplete);
      resolve({
        slug,
        what: `${wire.name} ${way} ${isStream ? 'stream' : 'plain'}`,
        mustSucceed: plan.mustSucceed,
        requestId: typeof id === 'string' ? id : null,
        status,
        isWhole,
        // An hour of whole answers would fill the memory of who keeps them.
        tail: isWhole ? '' : Buffer.from(text.slice(-TAIL_LENGTH)).toString(),
      });
    };
    const options = { method: 'POST', headers, agent };
    const sent = request(url + wire.path(model, isStream), options, (arrived) => {
      response = arrived;
      arrived.setEncoding('utf8');
      arrived.on('data', (chunk) => {
        text += chunk;
      });
      arrived.on('end', () => {
        isComplete = arrived.complete;
      });
      arrived.on('error', () => {});
      arrived.on('close', finish);
    });
    sent.on('error', () => {
      if (response === null) finish();
    });
    const abort = abortMs === null ? undefined : setTimeout(() => sent.destroy(), abortMs);
    sent.end(body);
  });
}

const API_KEY = 'sb-chaos-canary-0001';
