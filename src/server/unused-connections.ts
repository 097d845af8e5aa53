import type { Server, Socket } from 'node:net';
import { createRoster } from '../core/roster.ts';

/** The connections of a server on which nothing has come yet: browsers open some ahead of need. */
export interface UnusedConnections {
  close(): void;
}

/** Follows a server that does not listen yet: Node.js counts such connections among the busy ones. */
export function followUnusedConnections(server: Server): UnusedConnections {
  const open = createRoster<Socket>();
  server.on('connection', (socket) => {
    const place = open.add(socket);
    socket.once('close', () => open.remove(place));
  });
  return {
    close() {
      for (const socket of open.items()) if (socket.bytesRead === 0) socket.destroy();
    },
  };
}
