// Loaded into a proxy before it starts: says how much memory is in use when all garbage has been collected. What is
// resident besides follows from when the collector finds it worth its while.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

process.on('message', ({ wantsLiveBytes = false }) => {
  if (!wantsLiveBytes) return;
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.({ liveBytes: heapUsed + external });
});
// Asked or not, it keeps no process alive.
process.channel?.unref();
