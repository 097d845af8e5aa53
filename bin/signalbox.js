#!/usr/bin/env node
import { createRequire } from 'node:module';

// An import of CommonJS would read the whole bundle for its exports first: 120 ms at every start.
createRequire(import.meta.url)('../dist/cli.cjs');
