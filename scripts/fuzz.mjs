// npm run test:fuzz [-- --cases 100000 --seed N]: the long form of the fuzzing.
import { parseArgs } from 'node:util';
import { ensureInstalled, run } from './ensure-installed.mjs';

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '100000' }, seed: { type: 'string' } },
});
ensureInstalled();
process.env.FUZZ_CASES = values.cases;
if (values.seed !== undefined) process.env.FUZZ_SEED = values.seed;
run(process.execPath, ['--import', 'tsx', '--test', 'test/fuzz/fuzz.test.ts']);
