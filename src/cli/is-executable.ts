/** Whether this is the single executable: it has no script, and its own name stands there once more. */
export function isExecutable(): boolean {
  return process.argv[1] === process.argv0;
}
