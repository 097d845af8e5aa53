// npm run test:agents [-- claude codex gemini opencode qwen]: real coding agents on providers of other dialects.
import { ensureInstalled, run } from './ensure-installed.mjs';

ensureInstalled();
run(process.execPath, ['--import', 'tsx', 'test/agents/main.ts', ...process.argv.slice(2)]);
