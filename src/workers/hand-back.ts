import type { Worker } from 'node:cluster';

/** What `node:cluster` and its workers say to each other of a connection that one of them is given. */
interface Handover {
  /** `newconn` for a connection that comes with the message. */
  act?: string;
  seq?: number;
  /** The `seq` of the handover that a worker has taken. */
  ack?: number;
}

/**
 * Has another worker take the connection that this one was being given when it died. `node:cluster` waits for
 * the answer of the dead one instead, for ever, and the client with it: one connection for each death under
 * load (Node 20, lib/internal/cluster/round_robin_handle.js). Here it gets the answer that a worker
 * gives which is about to end. Should Node rename these internal messages, this silently does nothing.
 */
export function handBackConnections({ process: worker }: Worker): void {
  const underWay = new Set<number>();
  const send = worker.send.bind(worker) as (...words: unknown[]) => boolean;
  worker.send = (message: unknown, ...rest: unknown[]) => {
    const { act, seq } = message as Handover;
    if (act === 'newconn' && seq !== undefined) underWay.add(seq);
    return send(message, ...rest);
  };
  worker.on('internalMessage', ({ ack }: Handover) => {
    if (ack !== undefined) underWay.delete(ack);
  });
  // Node knows by then that this worker takes no more of them.
  worker.once('exit', () => {
    for (const ack of underWay) {
      worker.emit('internalMessage', { cmd: 'NODE_CLUSTER', ack, accepted: false });
    }
  });
}
