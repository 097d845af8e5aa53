import { createMemo } from './memo.ts';

/** A name as JSON text; a few of them are in nearly every body and every line. */
export const quoted = createMemo((name: string) => JSON.stringify(name), 1_000);
