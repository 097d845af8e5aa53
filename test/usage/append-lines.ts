// A process for the ledger's tests to kill: appends numbered lines to the file of its first argument
// and prints each number when its line is acknowledged, at last the ledger's state.
import { writeSync } from 'node:fs';
import { systemClock } from '../../src/core/clock.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { type Durability, openLedger } from '../../src/usage/ledger.ts';

const [, , file = '', durability = 'os', count = 'Infinity', maxBytes = 'Infinity'] = process.argv;
const ledger = openLedger({
  file,
  durability: durability as Durability,
  rotation: { maxBytes: Number(maxBytes), every: 'never', keep: 1_000_000 },
  clock: systemClock,
  logger: silentLogger,
});
for (let n = 1; n <= Number(count); n++) {
  await ledger.append(`{"n":${n},"text":"${'x'.repeat(40)}"}`);
  print(`${n}\n`);
}
print(`${JSON.stringify(ledger.state())}\n`);

/** A pipe that is full says so on some versions of Node instead of waiting. */
function print(text: string): void {
  for (;;) {
    try {
      writeSync(1, text);
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    }
  }
}
