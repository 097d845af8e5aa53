import { suggest } from '../core/suggest.ts';

const VERSION_TWICE = /^\/(v1|v1beta)\/(v1|v1beta)(?:\/|$)/;

/** Parts of the APIs that are known and not offered. */
const NOT_OFFERED =
  /^(?:\/v\d(?:beta)?)?(\/(?:files|batches|rerank|realtime|assistants|threads|fine_tuning|vector_stores|uploads|cachedContents|messages\/batches))(?:\/|$)/;

/** Longer paths are nobody's slip, and comparing them would take its time. */
const MAX_COMPARED = 100;

/** What to do about a route that does not exist, by the slips that are known. */
export function explainNoRoute(method: string, path: string, known: readonly string[]): string {
  return `There is no route ${method} ${path}${explain(path, known)}`;
}

function explain(path: string, known: readonly string[]): string {
  const [, version, second] = VERSION_TWICE.exec(path) ?? [];
  if (version !== undefined) {
    const what = version === second ? ' twice' : `, and the client adds /${second}`;
    return `; the base URL has /${version}${what}. It is http://HOST:PORT/v1 for OpenAI clients, and http://HOST:PORT for Anthropic and Google clients.`;
  }
  const [, part] = NOT_OFFERED.exec(path) ?? [];
  if (part !== undefined) return `; Signalbox does not offer ${part}.`;
  if (path.length > MAX_COMPARED) return LIST;
  const alike = known.filter((each) => depthOf(each) === depthOf(path));
  const slip = suggest(path, alike);
  if (slip !== '') return slip;
  const meant = findEnd(path, known) ?? findBeginning(path, known);
  return meant === undefined ? LIST : `; did you mean \`${meant}\`?`;
}

/** The route behind the prefix of another proxy; the longest says most. */
function findEnd(path: string, known: readonly string[]): string | undefined {
  const [end] = known
    .filter((each) => each.length > 1 && path.endsWith(each))
    .sort((a, b) => b.length - a.length);
  return end;
}

/** The first route below the path. */
function findBeginning(path: string, known: readonly string[]): string | undefined {
  const isVersion = path === '/v1' || path === '/v1beta';
  return isVersion ? undefined : known.find((each) => each.startsWith(`${path}/`));
}

function depthOf(path: string): number {
  return path.split('/').length;
}

const LIST = '; the README lists the routes.';
