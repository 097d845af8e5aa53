import type { CatalogueModel } from './data.ts';

/** What a variant is made of. */
export interface VariantWish {
  base: CatalogueModel;
  name: string;
  /** A provider key in place of the model's; empty = the same. */
  key: string;
  /** US dollars per 1,000 tokens; empty = the same price. */
  inputPrice: string;
  outputPrice: string;
}

const SUFFIX = /:(cost|latency|throughput|balanced|discount)$/;

/** Why the config would refuse the name, or null. */
export function nameProblem(name: string, taken: readonly string[]): string | null {
  if (name.trim() === '') return 'Give it a name.';
  if (taken.includes(name)) return 'A model or alias has this name.';
  if (SUFFIX.test(name)) return 'A name must not end in a routing suffix.';
  return null;
}

/** The variant as YAML, to be pasted into the config. */
export function variantYaml({ base, name, key, inputPrice, outputPrice }: VariantWish): string {
  const lines = [
    'variants:',
    `  ${scalar(name)}:`,
    `    model: ${scalar(base.variant_of ?? base.name)}`,
  ];
  if (key !== '') lines.push(`    key: ${scalar(key)}`);
  if (inputPrice !== '' || outputPrice !== '') {
    lines.push('    pricing:');
    if (inputPrice !== '') lines.push(`      input: { text_cost_per_1k_tokens: ${inputPrice} }`);
    if (outputPrice !== '') lines.push(`      output: { text_cost_per_1k_tokens: ${outputPrice} }`);
  }
  return `${lines.join('\n')}\n`;
}

/** Quoted, which is YAML for any text. */
function scalar(text: string): string {
  return /^[A-Za-z][\w./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
