/** Where the ledger is unless the config says otherwise, relative to where Signalbox is started. */
export const DEFAULT_LEDGER_PATH = './usage/usage.jsonl';

/** A key of the whole file at the start of its line, and what stands behind its colon. */
const TOP_KEY = /^([\w-]+):(?: +(.*))?$/;

const MEMBER = /^( +)(\w+):(?: +(.*))?$/;

/** A quoted text as it stands where a value may: between spaces, commas, colons and brackets. */
const QUOTED = /(?<=^|[\s,:[{])("[^"\\]*"|'[^'\\]*')(?=$|[\s,:\]}])/g;

/** A path that is text in YAML without quotes, and no reference to a variable. */
const PLAIN_PATH = /^(?!os\.environ\/)(?:\.{0,2}\/|[A-Za-z])[\w./-]*\/[\w./-]+$/;

/**
 * The ledger's path in a config that says it in the plainest way, on a line of its own; undefined
 * where only the parser can tell. A status line asks every second, and loading the parser would take
 * longer than all the rest.
 */
export function readPlainLedgerPath(text: string): string | undefined {
  const sections = /\t|\r(?!\n)/.test(text) ? null : cutSections(text);
  if (sections === null) return undefined;
  const usage = sections.get('usage');
  if (usage === undefined) return DEFAULT_LEDGER_PATH;
  return usage.value === '' && usage.lines.length > 0 ? readFile(usage.lines) : undefined;
}

interface Section {
  /** Behind the colon. */
  value: string;
  /** Below it, further in. */
  lines: string[];
}

/** The file's own keys; null unless each line of it can be understood alone. */
function cutSections(text: string): Map<string, Section> | null {
  const sections = new Map<string, Section>();
  let section: Section | undefined;
  for (const line of text.split(/\r?\n/).map(withoutComment)) {
    if (line === '') continue;
    if (!isWhole(line)) return null;
    const [, key, value = ''] = TOP_KEY.exec(line) ?? [];
    if (key !== undefined && !sections.has(key)) {
      section = { value, lines: [] };
      sections.set(key, section);
    } else if (section !== undefined && line.startsWith(' ')) section.lines.push(line);
    else return null;
  }
  return sections;
}

function withoutComment(line: string): string {
  return line.replace(/(^|\s)#.*$/, '').trimEnd();
}

/** Whether quotes and brackets that a line opens end in it, so that the next line starts afresh. */
function isWhole(line: string): boolean {
  const bare = line.replace(QUOTED, 'q');
  if (/["'\\]/.test(bare)) return false;
  let depth = 0;
  for (const bracket of bare.replace(/[^[\]{}]/g, '')) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

/** `file` among the lines of `usage`. */
function readFile(lines: readonly string[]): string | undefined {
  const [indent] = /^ */.exec(lines[0] ?? '') ?? [''];
  const isInner = (line = '') => line.startsWith(`${indent} `);
  const members = lines.filter((line) => !isInner(line)).map((line) => MEMBER.exec(line));
  if (members.some((member) => member?.[1] !== indent)) return undefined;
  const [file, second] = members.filter((member) => member?.[2] === 'file');
  if (file == null) return DEFAULT_LEDGER_PATH;
  const [line, , , value = ''] = file;
  const goesOn = isInner(lines[lines.indexOf(line) + 1]);
  return second === undefined && !goesOn && PLAIN_PATH.test(value) ? value : undefined;
}
