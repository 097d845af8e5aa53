/** A report has a dozen numbers; what is longer would only fill the ledger. */
const MAX_CHARACTERS = 16 * 1024;

/** An upstream's report as the ledger takes it; undefined for one that is too long. */
export function keepReport(json: string): string | undefined {
  return json.length > MAX_CHARACTERS ? undefined : json;
}

/** The same of a report that was put together; undefined for one that is nested too deep to be written. */
export function writeReport(report: unknown): string | undefined {
  if (report == null) return undefined;
  try {
    return keepReport(JSON.stringify(report));
  } catch {
    return undefined;
  }
}
