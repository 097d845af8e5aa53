import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../src/dialects/json-object.ts';
import { type RawAnswer, sendRaw } from './send-raw.ts';

/** One request as a real client sent it, and the status that makes the client go on. */
export interface Capture {
  method: string;
  url: string;
  status: number;
  headers: Record<string, string>;
  body?: JsonObject;
}

const ROOT = join(import.meta.dirname, '..', 'fixtures', 'clients');

/** The captured requests of one client, in their order. */
export function capturesOf(client: string): Capture[] {
  return JSON.parse(readFileSync(join(ROOT, `${client}.json`), 'utf8'));
}

/** Sends a captured request, an upgrade as the GET that it is. */
export function sendCapture(
  base: string,
  { method, url, headers, body }: Capture,
): Promise<RawAnswer> {
  if (method === 'UPGRADE') return sendRaw(base + url, { headers });
  if (body === undefined) return sendRaw(base + url, { method, headers });
  return sendRaw(base + url, { method, headers, body: JSON.stringify(body) });
}
