// Real coding agents on providers that speak another dialect: `npm run test:agents [-- claude codex …]`.
import { performance } from 'node:perf_hooks';
import { DIALECT_IDS } from '../support/dialect-upstreams.ts';
import { AGENTS } from './agents.ts';
import { installAgent } from './install-agent.ts';
import { runAgent } from './run-agent.ts';
import { startUpstreams } from './start-upstreams.ts';

const chosen = process.argv.slice(2);
const names = [...new Set(AGENTS.map(({ name }) => name))];
const unknown = chosen.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`No agent is called ${unknown.join(', ')}; there are ${names.join(', ')}.`);
  process.exit(2);
}

// Whoever loses patience leaves no agent behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const upstreams = await startUpstreams();
const rows: Record<string, Record<string, string>> = {};
const faults: string[] = [];
for (const agent of AGENTS) {
  if (chosen.length > 0 && !chosen.includes(agent.name)) continue;
  const title = `${agent.name} (${agent.dialect})`;
  const row: Record<string, string> = {};
  rows[title] = row;
  try {
    const program = installAgent(agent);
    for (const dialect of DIALECT_IDS) {
      // The table needs no cell for what passes as it came.
      if (dialect === agent.dialect) continue;
      const start = performance.now();
      const fault = await runAgent({ agent, program, model: `only-${dialect}`, ...upstreams });
      const seconds = ((performance.now() - start) / 1_000).toFixed(1);
      row[dialect] = fault === null ? `${seconds} s` : 'FAILED';
      console.error(`${title} on ${dialect}: ${row[dialect]}`);
      if (fault !== null) faults.push(`${title} on ${dialect}: ${fault}`);
    }
  } catch (error) {
    faults.push(`${title}: ${error instanceof Error ? error.message : error}`);
  }
}
await upstreams.stop();
console.table(rows);
for (const fault of faults) console.error(`\n${fault}`);
process.exitCode = faults.length === 0 ? 0 : 1;
