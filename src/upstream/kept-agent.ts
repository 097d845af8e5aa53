import type { Socket } from 'node:net';
import { Agent, type buildConnector, Client, type Dispatcher, Pool } from 'undici';

/** One connection to an upstream; its socket is replaced after it was closed. */
export interface Connection {
  socket: Socket | null;
}

/** What a request says beside undici's own options. */
interface KeptOptions extends Dispatcher.DispatchOptions {
  /** Told which connection will take the request, before it is sent. */
  onConnection(connection: Connection): void;
}

/** Keeps connections alive, one pool an origin, and tells each request which of them it goes out on. */
export function createKeptAgent(): Agent {
  return new Agent({
    connections: null,
    pipelining: 1,
    allowH2: false,
    factory: (origin, options) => new Pool(origin, { ...options, factory: createClient }),
  });
}

function createClient(origin: URL, options: object): Client {
  // A pool gives its clients the connector that they share.
  const { connect } = options as { connect: buildConnector.connector };
  const connection: Connection = { socket: null };
  const client = new Client(origin, {
    ...options,
    connect: (target, done) =>
      connect(target, (...result) => {
        connection.socket = result[1];
        done(...result);
      }),
  });
  const dispatch = client.dispatch.bind(client);
  client.dispatch = (request, handler) => {
    (request as KeptOptions).onConnection(connection);
    return dispatch(request, handler);
  };
  return client;
}
