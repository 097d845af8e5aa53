import type { Server, Socket } from 'node:net';

/** The connections of a server on which nothing has come yet: browsers open some ahead of need. */
export interface UnusedConnections {
  close(): void;
}

/** Follows a server that does not listen yet: Node.js counts such connections among the busy ones. */
export function followUnusedConnections(server: Server): UnusedConnections {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return {
    close() {
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    },
  };
}
