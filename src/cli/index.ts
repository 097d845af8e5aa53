import { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { registerCheck } from './check.ts';
import { registerDoctor } from './doctor.ts';
import { registerExplain } from './explain.ts';
import { registerImport } from './import.ts';
import { registerInit } from './init.ts';
import { registerKeys } from './keys.ts';
import { registerModels } from './models.ts';
import { registerPrices } from './prices.ts';
import { registerSchema } from './schema.ts';
import { registerServe } from './serve.ts';
import { registerUsage } from './usage.ts';

/** Every command, in the order of the help page; each loads its work when it runs. */
const commands = [
  registerServe,
  registerInit,
  registerImport,
  registerCheck,
  registerDoctor,
  registerExplain,
  registerModels,
  registerUsage,
  registerKeys,
  registerPrices,
  registerSchema,
];

const BAD_USAGE = 2;

/** What a command says with `command.error` has a status of its own; the rest is bad usage. */
const OWN_ERROR = 'commander.error';

const program = new Command('signalbox')
  .description(packageJson.description)
  .version(packageJson.version)
  .showHelpAfterError('(signalbox --help shows every command and option)')
  .exitOverride(({ code, exitCode }) => {
    process.exit(exitCode === 0 || code === OWN_ERROR ? exitCode : BAD_USAGE);
  });

for (const register of commands) register(program);

void program.parseAsync();
