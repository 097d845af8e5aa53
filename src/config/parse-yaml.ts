import {
  type Alias,
  type Document,
  isScalar,
  Lexer,
  LineCounter,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import type { Problem } from './finding.ts';
import { type AliasTargets, isMerge, mergeSources, startOf } from './locate.ts';

const MAX_BYTES = 16 * 1_048_576;

/** Deeper is a slip or an attack, and the parser's recursion would end the process. */
const MAX_DEPTH = 200;

/** What bytes that are no UTF-8 were decoded to. */
const NO_UTF8 = '\ufffd';

/** The lexer's mark before the content of plain and block scalars. */
const TEXT_FOLLOWS = '\u001f';

/** How often one anchor may be used, counted through the anchors inside it. */
const MAX_ALIAS_COUNT = 10_000;

/** The file as YAML sees it: plain values, and the way back from a path to its line. */
export interface ParsedYaml {
  /** Aliases share their anchor's value; maps may hold any key but `__proto__`. */
  tree: unknown;
  document: Document;
  targets: AliasTargets;
  lines: LineCounter;
}

/** Parses the text of a config file (CFG-5), or says where it is no YAML that can be used. */
export function parseYaml(text: string): ParsedYaml | { problems: Problem[] } {
  if (Buffer.byteLength(text) > MAX_BYTES) return { problems: [problemAt(1, 1, 'is over 16 MiB')] };
  const deep = findDeepNesting(text);
  if (deep !== null) return { problems: [problemAt(deep, 1, 'is nested too deeply')] };
  const lines = new LineCounter();
  // Pretty errors would quote the text around them, which may be a secret.
  const quiet = { prettyErrors: false, logLevel: 'error' } as const;
  // The parser compares each key with all others of its map: 2 s for 10,000 models and API keys.
  const options = { merge: true, stringKeys: true, uniqueKeys: false, lineCounter: lines };
  const document: Document = parseDocument(text, { ...options, ...quiet });
  const errors = [...document.errors, ...document.warnings];
  const place = ({ offset, message }: Fault) => problemOn(lines, offset, message);
  if (errors.length > 0) return { problems: errors.map(readError).map(place) };
  const { targets, faults } = walkDocument(document);
  if (faults.length > 0) return { problems: faults.map(place) };
  try {
    return {
      tree: document.toJS({ maxAliasCount: MAX_ALIAS_COUNT }) ?? {},
      document,
      targets,
      lines,
    };
  } catch {
    return { problems: [problemAt(1, 1, 'uses anchors and aliases too often')] };
  }
}

interface Fault {
  offset: number;
  message: string;
}

/** What the aliases stand for, and what the conversion to values would throw on or lose. */
function walkDocument(document: Document): { targets: AliasTargets; faults: Fault[] } {
  const faults: Fault[] = [];
  const anchors = new Map<string, unknown>();
  const targets = new Map<Alias, unknown>();
  const merges: Pair[] = [];
  const note = (node: { anchor?: string }) => {
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
  };
  visit(document, {
    Scalar(_key, scalar) {
      note(scalar);
      if (scalar.source?.includes(NO_UTF8)) {
        faults.push({ offset: startOf(scalar), message: 'holds bytes that are no UTF-8' });
      }
    },
    Seq: (_key, list) => note(list),
    Map(_key, map) {
      note(map);
      faults.push(...findRepeatedKeys(map));
    },
    Alias(_key, alias) {
      targets.set(alias, anchors.get(alias.source));
      if (anchors.has(alias.source)) return;
      faults.push({ offset: startOf(alias), message: `no anchor \`&${alias.source}\` above this` });
    },
    Pair(_key, pair) {
      if (isMerge(pair)) merges.push(pair);
      if (isScalar(pair.key) && pair.key.value === '__proto__') {
        faults.push({ offset: startOf(pair.key), message: '`__proto__` cannot be used as a key' });
      }
    },
  });
  const broken = merges.filter((pair) => mergeSources(targets, pair).includes(null));
  for (const { key } of broken) {
    faults.push({
      offset: startOf(key),
      message: '`<<` can only merge a map, or a list of maps',
    });
  }
  return { targets, faults: faults.sort((a, b) => a.offset - b.offset) };
}

function findRepeatedKeys({ items }: YAMLMap): Fault[] {
  const seen = new Set<unknown>();
  return items.flatMap(({ key }) => {
    if (!isScalar(key) || !seen.has(key.value)) {
      seen.add(isScalar(key) ? key.value : key);
      return [];
    }
    return [{ offset: startOf(key), message: 'this key is declared twice' }];
  });
}

const MESSAGES: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'the file holds a second document (---)',
  NON_STRING_KEY: 'a key must be plain text',
};

function readError({ code, message, pos }: YAMLError): Fault {
  // What follows a colon or a backslash is a piece of the file.
  return { offset: pos[0], message: MESSAGES[code] ?? message.replace(/(?::| \\).*$/s, '') };
}

/** The line on which brackets, dashes or indentation nest beyond what the parser survives. */
function findDeepNesting(text: string): number | null {
  for (const [index, line] of text.split('\n').entries()) {
    const indentation = /^ */.exec(line)?.[0].length ?? 0;
    const dashes = /^[ \t]*((?:[-?:][ \t]+)*)/.exec(line)?.[1]?.length ?? 0;
    if (Math.max(indentation, dashes) > 2 * MAX_DEPTH) return index + 1;
  }
  return findDeepBrackets(text);
}

/** The lexer, which does not recurse, tells brackets from those in comments, quotes and other text. */
function findDeepBrackets(text: string): number | null {
  let depth = 0;
  let line = 1;
  let isText = false;
  for (const token of new Lexer().lex(text)) {
    if (!isText && (token === '[' || token === '{')) depth += 1;
    if (!isText && (token === ']' || token === '}')) depth = Math.max(0, depth - 1);
    if (depth > MAX_DEPTH) return line;
    line += token.split('\n').length - 1;
    isText = token === TEXT_FOLLOWS;
  }
  return null;
}

function problemOn(lines: LineCounter, offset: number, message: string): Problem {
  const { line, col } = lines.linePos(offset);
  return problemAt(line, col, message);
}

function problemAt(line: number, column: number, message: string): Problem {
  return { severity: 'error', line, column, path: '', message };
}
