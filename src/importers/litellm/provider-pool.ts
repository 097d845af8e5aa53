import { orNothing, type YamlValue } from '../format-yaml.ts';

/** What tells one provider from another: everything but its keys. */
export interface ProviderFacts {
  /** What to call it, where that is free. */
  name: string;
  block: Readonly<Record<string, YamlValue | undefined>>;
}

/** The providers of a config in the making: deployments that agree share one. */
export interface ProviderPool {
  /** The provider's name, and the name of the key where it is not the provider's first. */
  add(facts: ProviderFacts, key: string | undefined): { provider: string; key?: string };
  blocks(): Record<string, YamlValue>;
}

interface Entry {
  name: string;
  facts: ProviderFacts;
  /** Names by secret. */
  keys: Map<string, string>;
}

const FIRST_KEY = 'default';

/** Starts without providers. */
export function createProviderPool(): ProviderPool {
  const entries = new Map<string, Entry>();

  function freeName(wanted: string): string {
    const base = wanted.replaceAll('_', '-');
    const taken = new Set([...entries.values()].map(({ name }) => name));
    let name = base;
    for (let number = 2; taken.has(name); number += 1) name = `${base}-${number}`;
    return name;
  }

  return {
    add(facts, secret) {
      const identity = JSON.stringify(facts);
      const entry = entries.get(identity) ?? { name: freeName(facts.name), facts, keys: new Map() };
      entries.set(identity, entry);
      if (secret === undefined) return { provider: entry.name };
      const isFirst = entry.keys.size === 0 || entry.keys.get(secret) === FIRST_KEY;
      const key = entry.keys.get(secret) ?? (isFirst ? FIRST_KEY : keyName(secret, entry.keys));
      entry.keys.set(secret, key);
      return { provider: entry.name, ...(isFirst ? {} : { key }) };
    },
    blocks: () =>
      Object.fromEntries([...entries.values()].map((entry) => [entry.name, blockOf(entry)])),
  };
}

function blockOf({ facts, keys }: Entry): YamlValue {
  const names = Object.fromEntries([...keys].map(([secret, name]) => [name, secret]));
  return { ...facts.block, keys: orNothing(names) };
}

/** After the variable, so that its owner knows it again. */
function keyName(secret: string, taken: ReadonlyMap<string, string>): string {
  const variable = /^os\.environ\/(\w+)$/.exec(secret)?.[1];
  if (variable !== undefined) return variable.toLowerCase().replaceAll('_', '-');
  return `key-${taken.size + 1}`;
}
