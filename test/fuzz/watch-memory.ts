import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** A collection of everything takes a tenth of a second. */
const CASES_A_COLLECTION = 1_000;

/** Besides what was in use after the first thousand cases: windows of measurements, code, caches. */
const MAX_GROWTH_MIB = 32;

/** At any moment, with the test's own recordings and tools. */
const MAX_RESIDENT_MIB = 1_024;

const MIB = 1024 * 1024;

/** Counts cases, and throws when memory has grown with them, or when one of them took too much (SEC-6). */
export function watchMemory(): () => void {
  let cases = 0;
  let firstMib: number | null = null;
  return () => {
    cases += 1;
    if (cases % CASES_A_COLLECTION !== 0) return;
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    const mib = (heapUsed + external) / MIB;
    firstMib ??= mib;
    assert.ok(mib < firstMib + MAX_GROWTH_MIB, `${firstMib} MiB in use became ${mib}`);
    const mostMib = process.resourceUsage().maxRSS / 1024;
    assert.ok(mostMib < MAX_RESIDENT_MIB, `${mostMib} MiB were resident`);
  };
}
