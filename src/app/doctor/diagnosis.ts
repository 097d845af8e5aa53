/** One thing that was looked at. */
export interface Diagnosis {
  /** What it is about, such as `ledger` or the name of a provider. */
  subject: string;
  /** `warning` = it works, or could not be found out. */
  state: 'ok' | 'warning' | 'failed';
  says: string;
  /** What to do about it; null where nothing is to be done. */
  advice: string | null;
}

/** The diagnosis of something that is as it should be. */
export function ok(subject: string, says: string): Diagnosis {
  return { subject, state: 'ok', says, advice: null };
}

/** The diagnosis of something that works and may surprise. */
export function warn(subject: string, says: string, advice: string | null = null): Diagnosis {
  return { subject, state: 'warning', says, advice };
}

/** The diagnosis of something that does not work, and what to do. */
export function fail(subject: string, says: string, advice: string): Diagnosis {
  return { subject, state: 'failed', says, advice };
}
