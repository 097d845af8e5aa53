import type { Command } from 'commander';

const EXAMPLES = `
Examples:
  $ signalbox schema > signalbox.schema.json

With this first line in the config, editors complete its keys and explain them:
  # yaml-language-server: $schema=./signalbox.schema.json`;

/** `signalbox schema`: prints the JSON Schema of the config file (CLI-10). */
export function registerSchema(program: Command): void {
  program
    .command('schema')
    .description('print the JSON Schema of the config file')
    .addHelpText('after', EXAMPLES)
    .action(async () => {
      const { createJsonSchema } = await import('../config/json-schema.ts');
      console.log(JSON.stringify(createJsonSchema(), null, 2));
    });
}
