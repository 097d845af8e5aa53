#!/usr/bin/env node
import { mkdirSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

// From Node 22.1 on, compiled code is kept for the next start. In a folder of the user's own: whoever
// can write there can run code here, and Node's default is the shared folder for temporary files.
const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
const folder = join(cache, 'signalbox', 'code');
if (module.enableCompileCache && isThere(cache, join(cache, 'signalbox'), folder)) {
  module.enableCompileCache(folder);
}

// An import of CommonJS would read the whole bundle for its exports first: 120 ms at every start.
createRequire(import.meta.url)('../dist/cli.cjs');

/** Makes what is missing, one by one: `recursive` never returns where a file system refuses, as /proc does. */
function isThere(...folders) {
  return folders.every((path) => {
    try {
      mkdirSync(path, 0o700);
      return true;
    } catch (error) {
      return error.code === 'EEXIST';
    }
  });
}
