import type { Environment } from '../config/env.ts';
import { type ChosenProvider, findProviders } from './choose-providers.ts';
import { STARTER_PROVIDERS, type StarterProvider } from './starter-providers.ts';

/** Asks one question and resolves to the answer, its white space trimmed; empty = the default. */
export type Ask = (question: string) => Promise<string>;

/** What the dialogue needs of its terminal. */
export interface Terminal {
  ask: Ask;
  tell(line: string): void;
}

const OTHER = 'other';
const SIMULATED = 'simulated';

/** Asks which providers to configure, and where their keys are; an empty list = the simulator (CLI-2). */
export async function askProviders(
  terminal: Terminal,
  environment: Environment,
): Promise<ChosenProvider[]> {
  const found = findProviders(environment);
  const choices = [...STARTER_PROVIDERS.map(({ name }) => name), OTHER, SIMULATED];
  terminal.tell('Which providers do you use?\n');
  for (const [at, name] of choices.entries()) {
    const note = describe(name, found);
    terminal.tell(
      `  ${String(at + 1).padStart(2)}  ${note === '' ? name : name.padEnd(12) + note}`,
    );
  }
  terminal.tell('');
  const usual = found.length === 0 ? [SIMULATED] : found.map(({ provider }) => provider.name);
  const names = await askNames(terminal, choices, usual);
  const chosen: ChosenProvider[] = [];
  for (const name of names) {
    if (name === SIMULATED) continue;
    const known = STARTER_PROVIDERS.find((provider) => provider.name === name);
    chosen.push(await askVariables(known ?? (await askOther(terminal)), terminal, environment));
  }
  return chosen;
}

function describe(name: string, found: readonly ChosenProvider[]): string {
  if (name === OTHER) return 'anything with an OpenAI-compatible API';
  if (name === SIMULATED) return 'no account and no key, to try it out';
  const variable = found.find(({ provider }) => provider.name === name)?.keyVariable;
  return variable === undefined ? '' : `${variable} is set`;
}

/** Numbers or names, with commas or spaces between them. */
async function askNames(
  { ask, tell }: Terminal,
  choices: readonly string[],
  usual: readonly string[],
): Promise<string[]> {
  for (;;) {
    const answer = await ask(`Numbers or names [${usual.join(', ')}]: `);
    const words = answer.split(/[\s,]+/).filter(Boolean);
    if (words.length === 0) return [...usual];
    const names = words.map((word) => choices[Number(word) - 1] ?? word.toLowerCase());
    const unknown = names.find((name) => !choices.includes(name));
    if (unknown === undefined) return [...new Set(names)];
    tell(`\`${unknown}\` is none of them.`);
  }
}

async function askOther({ ask, tell }: Terminal): Promise<StarterProvider> {
  const name = await askUntil('Its name, as the config will call it: ', {
    ask,
    tell,
    isGood: (text) => /^[a-z][\w-]*$/i.test(text),
    hint: 'It begins with a letter, and goes on with letters, digits, _ and -.',
  });
  const baseUrl = await askUntil('Its base URL, such as https://api.example.com/v1: ', {
    ask,
    tell,
    isGood: (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    hint: 'It begins with https:// or http://.',
  });
  const variable = `${name.toUpperCase().replaceAll('-', '_')}_API_KEY`;
  return { name, type: 'CUSTOM', keyVariables: [variable], baseUrl };
}

/** The names of variables; what is in them is never asked for. */
async function askVariables(
  provider: StarterProvider,
  terminal: Terminal,
  environment: Environment,
): Promise<ChosenProvider> {
  const { name, keyVariables, urlVariable } = provider;
  const usual = keyVariables.find((variable) => environment[variable]) ?? keyVariables[0] ?? '';
  const question = `The variable with the key of ${name} [${usual}]: `;
  const keyVariable = await askUntil(question, {
    ...terminal,
    usual,
    isGood: (text) => /^[A-Za-z_]\w*$/.test(text),
    hint: 'The name of an environment variable is wanted, not the key itself.',
  });
  for (const variable of [keyVariable, urlVariable ?? keyVariable]) {
    if (environment[variable]) continue;
    terminal.tell(`${variable} is not set: set it before you start Signalbox.`);
    break;
  }
  return { provider, keyVariable };
}

interface Question extends Terminal {
  /** What an empty answer means. */
  usual?: string;
  isGood(text: string): boolean;
  hint: string;
}

async function askUntil(
  question: string,
  { ask, tell, usual = '', isGood, hint }: Question,
): Promise<string> {
  for (;;) {
    const answer = (await ask(question)) || usual;
    if (isGood(answer)) return answer;
    tell(hint);
  }
}
