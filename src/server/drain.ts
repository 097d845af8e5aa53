import type { Server } from 'node:http';

/** How often connections that have become idle are closed. */
const SWEEP_MS = 25;

/** Stops accepting, lets requests in flight finish for `graceMs`, and cuts what is left then. */
export async function drain(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
