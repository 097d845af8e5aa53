import type { ServerResponse } from 'node:http';
import type { Departure } from '../core/departure.ts';
import type { Reply } from '../pipeline/call.ts';

/** The pipeline's way back to one client; writing to a client that has gone does nothing. */
export function createReply(response: ServerResponse, departure: Departure): Reply {
  return {
    hasStarted: () => response.headersSent,
    send(status, headers, body) {
      if (response.destroyed) return;
      response.writeHead(status, headers);
      response.end(body);
    },
    start(status, headers) {
      if (!response.destroyed) response.writeHead(status, headers);
    },
    write(bytes) {
      // True, since a closed socket never drains.
      return response.destroyed || response.write(bytes);
    },
    onDrain(resume) {
      // A socket that is about to close takes no more, and nothing drains once it has closed.
      if (departure.reason !== null) {
        process.nextTick(resume);
        return;
      }
      const goOn = () => {
        response.off('drain', goOn);
        departure.listeners.delete(goOn);
        resume();
      };
      departure.listeners.add(goOn);
      response.on('drain', goOn);
    },
    end() {
      response.end();
    },
  };
}
