import { once } from 'node:events';
import { drain } from '../server/drain.ts';
import { followUnusedConnections } from '../server/unused-connections.ts';
import { createFleet } from '../workers/fleet.ts';
import { createLimitReader } from '../workers/limit-list.ts';
import type { ConfigText } from '../workers/operations.ts';
import { canStartWorkers } from '../workers/worker-process.ts';
import type { Door, DoorParts } from './door.ts';
import type { LiveConfig } from './live-config.ts';
import { choosePagesSocket, removePagesSocket } from './pages-socket.ts';
import type { ReadyConfig } from './read-config.ts';
import type { OwnerStart } from './start-app.ts';
import { StartError } from './start-error.ts';

/**
 * Opens the door of a proxy whose calls are answered by other processes. This one keeps what there must be
 * one of, and answers the pages about it at a socket that only the workers know.
 */
export function openFleet({ options, first, resources }: OwnerStart, size: number) {
  return async ({ server, calls, host, port }: DoorParts, live: LiveConfig): Promise<Door> => {
    const { workerCommand: command } = options;
    if (command === undefined || !canStartWorkers()) {
      throw new StartError([
        'A process manager runs this as one of its own workers, which cannot start others; set `server.workers` to 1.',
      ]);
    }
    const limits = createLimitReader();
    limits.know(live.snapshot().runtime.catalog.limits);
    const fleet = createFleet({
      size,
      command,
      estate: { ...resources, limits },
      logger: resources.logger,
    });
    const configText = async ({ text, prices, source }: ReadyConfig): Promise<ConfigText> => ({
      text,
      prices,
      mockUrls: [...(await resources.simulators.urlsFor(source.config))],
    });
    const unused = followUnusedConnections(server);
    const pages = choosePagesSocket();
    await once(server.listen(pages), 'listening');
    const config = await configText(first);
    const started = await fleet.start({ config, host, port, pages, refuses: false });
    if ('problems' in started) {
      server.close();
      removePagesSocket(pages);
      throw new StartError([...started.problems]);
    }
    return {
      url: started.url,
      async change(ready) {
        limits.know(live.snapshot().runtime.catalog.limits);
        await fleet.reload(await configText(ready));
      },
      others: () => fleet.figures(),
      drain(graceMs) {
        const finish = async () => {
          await fleet.drain(graceMs);
          await drain(server, { calls, unused, graceMs }).done;
          removePagesSocket(pages);
        };
        return { done: finish(), hurry: fleet.hurry };
      },
    };
  };
}
