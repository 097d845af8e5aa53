/** A way in which an answer goes wrong. */
export type Fault =
  | { kind: 'status'; status: number }
  | { kind: 'truncate' }
  | { kind: 'error_in_200' }
  | { kind: 'hang' };

/** Faults set in the config. */
export interface FaultSettings {
  /** Answer with this status; null = none. */
  status: number | null;
  /** Every n-th billed request fails: 1 = every one. */
  every: number;
  /** Cut the answer after about half of its content. */
  truncate: boolean;
  /** Answer 200, then the dialect's error instead of content. */
  errorIn200: boolean;
  /** Accept the request and never answer. */
  hang: boolean;
}

/** The fault that a header or directive names: `status=503`, `truncate`, `error_in_200`, `hang`. */
export function parseFault(text: string): Fault | null {
  const status = /^status=([45]\d\d)$/.exec(text)?.[1];
  if (status !== undefined) return { kind: 'status', status: Number(status) };
  if (text === 'truncate' || text === 'error_in_200' || text === 'hang') return { kind: text };
  return null;
}

/** Returns a function that gives, for each billed request, its fault according to the settings. */
export function createFaultSchedule(settings: FaultSettings): () => Fault | null {
  const fault = faultOf(settings);
  let requests = 0;
  return () => {
    requests += 1;
    return requests % settings.every === 0 ? fault : null;
  };
}

/** If several are set, the first of status, hang, error and truncation. */
function faultOf(settings: FaultSettings): Fault | null {
  if (settings.status !== null) return { kind: 'status', status: settings.status };
  if (settings.hang) return { kind: 'hang' };
  if (settings.errorIn200) return { kind: 'error_in_200' };
  return settings.truncate ? { kind: 'truncate' } : null;
}
