/** An unexpected error as far as it may be logged: its message can quote a prompt or a key. */
export interface CrashReport {
  name: string;
  code?: string;
  /** Where it was thrown, the innermost place first. */
  frames: string[];
}

const MAX_FRAMES = 20;

/** What and where, without the words: those of JSON.parse or of a URL repeat what they were given. */
export function describeCrash(thrown: unknown): CrashReport {
  if (!(thrown instanceof Error)) return { name: typeof thrown, frames: [] };
  const frames = (thrown.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
  return {
    name: thrown.name,
    ...('code' in thrown ? { code: String(thrown.code) } : {}),
    frames: frames.slice(0, MAX_FRAMES).map((line) => line.trim()),
  };
}
