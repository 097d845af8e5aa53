import { orNothing, type YamlValue } from '../format-yaml.ts';

/** What distinguishes providers: everything except their keys. */
export interface ProviderFacts {
  /** The preferred name. */
  name: string;
  block: Readonly<Record<string, YamlValue | undefined>>;
}

/** Collects the providers of a config; deployments with the same facts share one. */
export interface ProviderPool {
  /** Returns the provider's name, and the key's name unless it is the provider's first key. */
  add(facts: ProviderFacts, key: string | undefined): { provider: string; key?: string };
  blocks(): Record<string, YamlValue>;
}

interface Entry {
  name: string;
  facts: ProviderFacts;
  /** Names of keys by their secret. */
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

/** Named after the variable, so that its owner recognizes it. */
function keyName(secret: string, taken: ReadonlyMap<string, string>): string {
  const variable = /^os\.environ\/(\w+)$/.exec(secret)?.[1];
  if (variable !== undefined) return variable.toLowerCase().replaceAll('_', '-');
  return `key-${taken.size + 1}`;
}
