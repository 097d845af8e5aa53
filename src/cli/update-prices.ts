import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import {
  PRICE_LIST_URL,
  type PriceFile,
  parsePriceFile,
  parsePriceList,
} from '../usage/price-file.ts';
import { isNewerThanBundled } from '../usage/price-list.ts';
import { explainWriteError } from './explain-write-error.ts';

/** Several times the list of today. */
const MAX_BYTES = 32 * 1_048_576;

/** What a list is fetched by. */
export interface PriceUpdate {
  /** A URL or a file; undefined = the list's home. */
  from: string | undefined;
  /** Where it is kept. */
  file: string;
  timeoutMs: number;
}

/** Why there is no newer list; the one that was there stays. */
export class UpdateError extends Error {
  override readonly name = 'UpdateError';
}

interface Fetched {
  text: string;
  /** When the list was of this state, in milliseconds since the epoch. */
  at: number;
}

/**
 * Fetches a price list, checks it and puts it in place at once. Throws an UpdateError for one that cannot
 * be had in time, is too large, is no price list, or is older than what is there.
 */
export async function updatePrices({ from = PRICE_LIST_URL, file, timeoutMs }: PriceUpdate) {
  const { text, at } = await (/^https?:/.test(from) ? download(from, timeoutMs) : readList(from));
  const providers = attempt(() => parsePriceList(text));
  const asOf = new Date(at).toISOString();
  if (!isNewerThanBundled(asOf))
    throw new UpdateError(`it is of ${asOf}, older than the bundled list`);
  const kept = await readKept(file);
  if (kept !== null && Date.parse(kept.as_of) > at) {
    throw new UpdateError(`it is of ${asOf}, older than ${file}`);
  }
  const content: PriceFile = { as_of: asOf, source: from, providers };
  await replace(file, JSON.stringify(content));
  const models = providers.reduce((sum, provider) => sum + provider.models.length, 0);
  return { asOf, providers: providers.length, models };
}

async function download(url: string, timeoutMs: number): Promise<Fetched> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) throw new UpdateError(`${url} answers ${response.status}`);
    const modified = Date.parse(response.headers.get('last-modified') ?? '');
    const served = Date.parse(response.headers.get('date') ?? '');
    const text = await readBounded(response);
    const at = [modified, served].find((moment) => !Number.isNaN(moment));
    if (at === undefined) throw new UpdateError(`${url} does not tell what time it is`);
    return { text, at };
  } catch (error) {
    if (error instanceof UpdateError) throw error;
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    throw new UpdateError(isLate ? `${url} takes too long` : `${url} cannot be reached`);
  }
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new UpdateError('it is too large for a price list');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function readList(path: string): Promise<Fetched> {
  try {
    const { mtimeMs, size } = await stat(path);
    if (size > MAX_BYTES) throw new UpdateError('it is too large for a price list');
    return { text: await readFile(path, 'utf8'), at: Math.floor(mtimeMs) };
  } catch (error) {
    if (error instanceof UpdateError) throw error;
    throw new UpdateError(`${path} cannot be read (${codeOf(error)})`);
  }
}

async function readKept(file: string): Promise<PriceFile | null> {
  try {
    return parsePriceFile(await readFile(file, 'utf8'));
  } catch {
    // There is none, or nothing that anybody would ask.
    return null;
  }
}

/** A reader finds the old list or the new one, and never half of it. */
async function replace(file: string, text: string): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  try {
    await writeFile(part, text);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw new UpdateError(explainWriteError(file, error));
  }
}

function attempt<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new UpdateError(error instanceof Error ? error.message : String(error));
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
