import { formatProblem } from '../../src/config/finding.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/schema.ts';

type Variables = Record<string, string>;

/** What is said about a config, line by line: `line:column path: message`. */
export function problemsOf(text: string, environment: Variables = {}): string[] {
  const { problems } = loadConfig(text, environment);
  return problems.map((problem) => formatProblem('', problem).slice(1));
}

/** The config, which must be free of errors. */
export function configOf(text: string, environment: Variables = {}): Config {
  const { config, problems } = loadConfig(text, environment);
  if (config === null) throw new Error(JSON.stringify(problems, null, 2));
  return config;
}
