/** How the upstream answers: the first part of its path, and the slug of the model that leads there. */
export const ANSWER_KINDS = ['whole', 'burst', 'opened', 'paced'] as const;

export type AnswerKind = (typeof ANSWER_KINDS)[number];

/** Events of a stream whose events are all there at once. */
export const BURST_EVENTS = 100;

/** So much later than the first event of such a stream the others come where the stream is opened by one. */
export const OPENING_MS = 2;

/** Events of a stream that has one at once and then one each PACE_MS. */
export const PACED_EVENTS = 50;

export const PACE_MS = 20;

/** The path of a kind at the upstream, and at everything that passes paths on. */
export function upstreamPath(kind: AnswerKind): string {
  return `/${kind}/v1/chat/completions`;
}
