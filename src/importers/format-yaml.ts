import { formatUsd } from '../usage/nano-usd.ts';

/** A value to be written as YAML: like JSON, with a bigint for an amount in nano-dollars. */
export type YamlValue =
  | string
  | number
  | boolean
  | bigint
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue | undefined };

type YamlMap = Readonly<Record<string, YamlValue | undefined>>;

const LINE_WIDTH = 110;

/** Text that needs no quotes in YAML, also between brackets. */
const PLAIN = /^(?:[A-Za-z/][\w./@-]*(?::[\w./@-]+)*|\d+(?:ms|s|m|h|d|kb|mb|gb))$/;

/** Words that YAML, or an older version of it, reads as something else. */
const SPECIAL = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

/** The map, or undefined if it is empty. */
export function orNothing(map: YamlMap): YamlMap | undefined {
  return entriesOf(map).length === 0 ? undefined : map;
}

/** The entry as lines: on one where it fits, else as an indented block. */
export function formatEntry(key: string, value: YamlValue, indent = ''): string[] {
  const line = `${indent}${formatText(key)}: ${formatFlow(value)}`;
  if (line.length <= LINE_WIDTH || isScalar(value)) return [line];
  return [`${indent}${formatText(key)}:`, ...formatBlock(value, `${indent}  `)];
}

/** The entries of a map, or the items of a list, as lines. */
export function formatBlock(value: YamlValue, indent: string): string[] {
  if (isScalar(value)) return [`${indent}${formatFlow(value)}`];
  if (isList(value)) return value.flatMap((item) => formatItem(item, indent));
  return entriesOf(value).flatMap(([key, item]) => formatEntry(key, item, indent));
}

function formatItem(item: YamlValue, indent: string): string[] {
  const line = `${indent}- ${formatFlow(item)}`;
  if (line.length <= LINE_WIDTH || isScalar(item)) return [line];
  const [first = '', ...rest] = formatBlock(item, `${indent}  `);
  return [`${indent}- ${first.slice(indent.length + 2)}`, ...rest];
}

function formatFlow(value: YamlValue): string {
  if (typeof value === 'string') return formatText(value);
  if (typeof value === 'bigint') return formatUsd(value);
  if (isScalar(value)) return String(value);
  if (isList(value)) return `[${value.map(formatFlow).join(', ')}]`;
  const entries = entriesOf(value).map(([key, item]) => `${formatText(key)}: ${formatFlow(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** Other text is quoted as in JSON, which YAML reads the same way. */
function formatText(text: string): string {
  return PLAIN.test(text) && !SPECIAL.test(text) ? text : JSON.stringify(text);
}

function entriesOf(map: YamlMap): [string, YamlValue][] {
  return Object.entries(map).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]));
}

type Scalar = string | number | boolean | bigint;

function isScalar(value: YamlValue): value is Scalar {
  return typeof value !== 'object';
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}
