import type { DiscoveredModel, Discovery } from '../app/discover-models.ts';
import type { Catalog, Model } from '../catalog/catalog.ts';
import { isPlainSlug, proposeName } from '../config/check-names.ts';
import { describePricing } from '../usage/describe-pricing.ts';

/** What a proposal is about. */
export interface ProposalWish {
  /** The key was named, and stands in what is proposed. */
  namesKey: boolean;
  /** Only slugs with this in their name. */
  find: string;
}

/** YAML to paste, and how much of what there is. */
export interface Proposal {
  yaml: string;
  /** Models that the config does not have yet. */
  added: number;
  /** Models that it has, and that are proposed under another name. */
  variants: number;
}

/**
 * Proposes an entry of `models` for each slug that the config does not have, and a variant with another
 * name for each that it has.
 */
export function composeDiscovery(discovery: Discovery, wish: ProposalWish): Proposal {
  const { catalog, provider, models } = discovery;
  const taken = new Set([...catalog.models.keys(), ...catalog.aliases.keys()]);
  const key = wish.namesKey ? (discovery.key?.name ?? null) : null;
  const found = models.filter(({ slug }) => slug.toLowerCase().includes(wish.find.toLowerCase()));
  const shown = found.filter(({ slug }) => isPlainSlug(slug));
  const isConfigured = ({ slug }: DiscoveredModel) => findBase(catalog, provider.name, slug);
  const added = shown.filter((model) => isConfigured(model) === undefined);
  const bases = shown.flatMap((model) => {
    const base = isConfigured(model);
    return base === undefined ? [] : [{ slug: model.slug, base }];
  });
  const starred = found.filter(({ slug }) => !isPlainSlug(slug)).map(({ slug }) => `  # ${slug}\n`);
  const place = { provider: provider.name, key, taken };
  const blocks = [
    block('models', 'Not in the config yet. Keep the ones that you want.', [
      ...added.map((model) => modelEntry(model, place, discovery)),
    ]),
    block('variants', 'In the config already; here under another name, with what is to differ.', [
      ...bases.map((known) => variantEntry(known, place)),
    ]),
    starred.length === 0
      ? ''
      : `# Left out, as \`*\` in a slug is a wildcard:\n${starred.join('')}`,
  ];
  return {
    yaml: blocks.filter(Boolean).join('\n'),
    added: added.length,
    variants: bases.length,
  };
}

interface Place {
  provider: string;
  key: string | null;
  /** Names that are gone; each entry takes one. */
  taken: Set<string>;
}

/** The model of the config that has this slug there; variants stand behind their models. */
function findBase(catalog: Catalog, provider: string, slug: string): Model | undefined {
  return catalog.models.get(catalog.pins.get(provider)?.get(slug)?.name ?? '');
}

function block(name: string, comment: string, entries: readonly string[]): string {
  return entries.length === 0 ? '' : `# ${comment}\n${name}:\n${entries.join('')}`;
}

function modelEntry(
  { slug, contextWindow, maxOutputTokens, kind, listPrice }: DiscoveredModel,
  { provider, key, taken }: Place,
  discovery: Discovery,
): string {
  const wished = proposeName(slug);
  const name = freeName(taken, [wished, `${provider}/${wished}`], provider);
  const facts = [
    `provider: ${scalar(provider)}`,
    name === slug ? '' : `slug: ${scalar(slug)}`,
    key === null ? '' : `key: ${scalar(key)}`,
    kind === 'embeddings' ? 'type: embeddings' : '',
    contextWindow === null ? '' : `context_window: ${contextWindow}`,
    maxOutputTokens === null ? '' : `max_output_tokens: ${maxOutputTokens}`,
  ].filter(Boolean);
  const price = listPrice && describePricing(listPrice, discovery.provider.discountBasisPoints);
  return `  ${scalar(name)}: { ${facts.join(', ')} }  # ${priceWords(price)}\n`;
}

function priceWords(price: Record<string, string> | null): string {
  if (price === null) return 'no price is known: add `pricing`, or `pricing: none`';
  const [input, output] = [price['input_text'] ?? price['embeddings'], price['output_text']];
  if (input === undefined) return 'priced by the bundled list';
  return `$${input} in${output === undefined ? '' : `, $${output} out`} per 1,000 tokens`;
}

function variantEntry(
  { slug, base }: { slug: string; base: Model },
  { provider, key, taken }: Place,
): string {
  const model = base.variantOf ?? base.name;
  const name = freeName(taken, [`${model}-${key ?? 'clientA'}`], provider);
  return `  ${scalar(name)}: { ${[`model: ${scalar(model)}`, ...changes()].join(', ')} }\n`;

  function changes(): string[] {
    if (key === null) return [];
    if (base.endpoints.length === 1) return [`key: ${scalar(key)}`];
    const endpoint = `provider: ${scalar(provider)}, slug: ${scalar(slug)}, key: ${scalar(key)}`;
    return [`endpoints: [{ ${endpoint} }]`];
  }
}

/** The first of the names that is free, else the last of them with a number; it is taken then. */
function freeName(taken: Set<string>, names: readonly string[], provider: string): string {
  const last = names.at(-1) ?? provider;
  let name = names.find((each) => !taken.has(each));
  for (let number = 2; name === undefined; number += 1) {
    const numbered = `${last}-${number}`;
    if (!taken.has(numbered)) name = numbered;
  }
  taken.add(name);
  return name;
}

/** Plain where YAML would read the same text inside a flow, quoted else. */
function scalar(text: string): string {
  return /^[A-Za-z][\w./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
