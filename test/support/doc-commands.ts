import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './start-cli.ts';

/** A fenced block of a document. */
export interface Fence {
  /** The path from the root. */
  document: string;
  language: string;
  text: string;
}

/** A command line of a document, with the output that it shows there. */
export interface DocCommand {
  document: string;
  line: string;
  /** Null where the document shows none. */
  output: string | null;
}

/** Every document that users and contributors read, by its path from the root. */
export function readDocuments(): Map<string, string> {
  const pages = readdirSync(join(ROOT, 'docs'), { recursive: true })
    .map((name) => join('docs', String(name)))
    .filter((name) => name.endsWith('.md'))
    .sort();
  const files = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', ...pages];
  return new Map(files.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));
}

/** The fenced blocks of the documents, in their order. */
export function listFences(documents: ReadonlyMap<string, string>): Fence[] {
  return [...documents].flatMap(([document, text]) =>
    [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = '', body = '']) => ({
      document,
      language,
      text: body,
    })),
  );
}

/** The command lines of `sh` and `console` blocks; a line that ends in `\` goes on. */
export function listCommands(fences: readonly Fence[]): DocCommand[] {
  return fences.flatMap(({ document, language, text }) => {
    if (language === 'sh') return splitScript(document, text);
    return language === 'console' ? splitSession(document, text) : [];
  });
}

function splitScript(document: string, text: string): DocCommand[] {
  const lines = text.replaceAll(/\\\n\s*/g, '').split('\n');
  return lines
    .map((line) => line.replace(/(?:^|\s{2,})#\s.*$/, '').trim())
    .filter((line) => line !== '')
    .map((line) => ({ document, line, output: null }));
}

function splitSession(document: string, text: string): DocCommand[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [line = '', ...output] = part.split('\n');
      return { document, line, output: output.join('\n').trimEnd() };
    });
}
