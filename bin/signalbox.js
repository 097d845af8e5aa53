#!/usr/bin/env node
// CommonJS, as package.json beside it says: loading modules costs a tenth of the start of an empty Node.
const { mkdirSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { homedir } = require('node:os');
const { join } = require('node:path');

// From Node 22.1 on, compiled code is kept for the next start. In a folder of the user's own: whoever
// can write there can run code here, and Node's default is the shared folder for temporary files.
const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
const folder = join(cache, 'signalbox', 'code');
if (enableCompileCache && isThere(cache, join(cache, 'signalbox'), folder)) {
  enableCompileCache(folder);
}

require('../dist/cli.cjs');

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
