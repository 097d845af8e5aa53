import { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { registerCheck } from './check.ts';
import { registerDoctor } from './doctor.ts';
import { registerExplain } from './explain.ts';
import { explainStrayWord } from './explain-stray-word.ts';
import { registerImport } from './import.ts';
import { registerInit } from './init.ts';
import { registerKeys } from './keys.ts';
import { registerModels } from './models.ts';
import { registerPrices } from './prices.ts';
import { registerSchema } from './schema.ts';
import { registerServe } from './serve.ts';
import { registerUsage } from './usage.ts';
import { registerWorker } from './worker.ts';

/** Every command by its name, in the order of the help page; each loads its work when it runs. */
const commands = new Map([
  ['serve', registerServe],
  ['init', registerInit],
  ['import', registerImport],
  ['check', registerCheck],
  ['doctor', registerDoctor],
  ['explain', registerExplain],
  ['models', registerModels],
  ['usage', registerUsage],
  ['keys', registerKeys],
  ['prices', registerPrices],
  ['schema', registerSchema],
  ['worker', registerWorker],
]);

const BAD_USAGE = 2;

/** What a command says with `command.error` has a status of its own; the rest is bad usage. */
const OWN_ERROR = 'commander.error';

const EXAMPLES = `
Without a command it starts the proxy, as \`signalbox serve\` does:
  -c, --config <file>   the config file (default: config.yaml)
  --port <number>       listen on this port instead of server.port
  signalbox serve --help shows every option.

Examples:
  $ signalbox init                             write a first config.yaml
  $ signalbox                                  run it
  $ signalbox --config team.yaml --port 8080   run another file on another port
  $ signalbox check                            say what is wrong with the file`;

const program = new Command('signalbox')
  .usage('[command] [options]')
  .description(packageJson.description)
  .version(packageJson.version)
  .addHelpText('after', EXAMPLES)
  .showHelpAfterError('(signalbox --help shows every command and option)')
  .exitOverride(({ code, exitCode }) => {
    process.exit(exitCode === 0 || code === OWN_ERROR ? exitCode : BAD_USAGE);
  });

// One that is named first is the only one that is needed.
const named = commands.get(process.argv[2] ?? '');
for (const register of named === undefined ? commands.values() : [named]) register(program);

const stray = explainStrayWord(process.argv.slice(2), commands.keys());
if (stray !== null) program.error(stray, { exitCode: BAD_USAGE });
void program.parseAsync();
