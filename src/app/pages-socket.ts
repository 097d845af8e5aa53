import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const SOCKET = 'pages.sock';

/** A new place where a server can listen, and only processes of the same user come in. */
export function choosePagesSocket(): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\signalbox-${randomUUID()}`;
  return join(mkdtempSync(join(tmpdir(), 'signalbox-pages-')), SOCKET);
}

/** Removes what was made for it, if it is still there. */
export function removePagesSocket(path: string): void {
  if (path.endsWith(SOCKET)) rmSync(dirname(path), { recursive: true, force: true });
}
