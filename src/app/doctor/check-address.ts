import { createServer } from 'node:net';
import { createUpstreamClient } from '../../upstream/client.ts';
import { get } from '../../upstream/get.ts';
import { listen } from '../listen.ts';
import { StartError } from '../start-error.ts';
import { type Diagnosis, fail, ok, warn } from './diagnosis.ts';

const SUBJECT = 'address';
const TIMEOUT_MS = 2_000;

/** Whether the proxy could listen where the config says, or already does. */
export async function checkAddress(host: string, port: number): Promise<Diagnosis> {
  const server = createServer();
  try {
    await listen(server, host, port);
    server.close();
    return ok(SUBJECT, port === 0 ? `any free port of ${host}` : `${host}:${port} is free`);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return (await askRunning(host, port)) ?? fail(SUBJECT, `cannot be used`, error.message);
  }
}

/** What a Signalbox that runs there says of itself; null where there is none. */
async function askRunning(host: string, port: number): Promise<Diagnosis | null> {
  const client = createUpstreamClient();
  try {
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}/health/ready`;
    const { body } = await get(client, { url, headers: {}, timeoutMs: TIMEOUT_MS });
    const { status } = JSON.parse(body.toString()) as { status?: unknown };
    if (status === 'ready')
      return ok(SUBJECT, `${host}:${port}: Signalbox runs there, and is ready`);
    if (typeof status !== 'string') return null;
    return warn(SUBJECT, `${host}:${port}: Signalbox runs there, and is ${status}`, `See ${url}`);
  } catch {
    return null;
  } finally {
    await client.close();
  }
}
