import type { TestContext } from 'node:test';
import {
  type Simulator,
  type SimulatorSettings,
  startSimulator,
} from '../../src/simulator/start-simulator.ts';

/** A simulator that closes when the test ends. */
export async function startFor(
  t: TestContext,
  settings: Partial<SimulatorSettings> = {},
): Promise<Simulator> {
  const simulator = await startSimulator(settings);
  t.after(() => simulator.close());
  return simulator;
}

/** An answer, read to its end. */
export interface Asked {
  status: number;
  headers: Headers;
  text: string;
  /** The body, if it is JSON. */
  body: unknown;
  /** The events of a stream: SSE payloads, or the elements of a JSON array. */
  events: unknown[];
}

/** Posts a JSON body over a real socket; a string is sent as it is. */
export async function ask(
  simulator: Simulator,
  path: string,
  body: object | string,
  headers: Record<string, string> = {},
): Promise<Asked> {
  const response = await fetch(simulator.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const isEvents = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const parsed = isEvents || !/^[[{]/.test(text) ? null : JSON.parse(text);
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: parsed,
    events: Array.isArray(parsed) ? parsed : readEvents(text),
  };
}

/** The payloads of server-sent events; `[DONE]` stays a string. */
export function readEvents(text: string): unknown[] {
  return [...text.matchAll(/^data: ([^\n]*)$/gm)].map(([, payload = '']) =>
    payload.startsWith('{') ? JSON.parse(payload) : payload.trim(),
  );
}

/** What stands at a dotted path of a JSON value, such as `choices.0.message`. */
export function pick(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce((at, step) => (at as Record<string, unknown> | undefined | null)?.[step], value);
}

/** Like pick, where a list is expected. */
export function pickList(value: unknown, path: string): unknown[] {
  const list = pick(value, path);
  return Array.isArray(list) ? list : [];
}

/** Like pick, as a text; absent reads as empty. */
export function pickText(value: unknown, path: string): string {
  return String(pick(value, path) ?? '');
}

/** Like pick, as a number; absent reads as zero. */
export function pickCount(value: unknown, path: string): number {
  return Number(pick(value, path) ?? 0);
}
