import { connect } from 'node:net';

/**
 * Writes these bytes to the proxy's socket, and its end if there is nothing more to say; returns all that
 * comes back until it is closed.
 */
export function sendBytes(url: string, bytes: string | Buffer, isAll = false): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    if (isAll) socket.end(bytes);
    else socket.write(bytes);
  });
}
