const PREFIX = /^(chatcmpl-|resp_|msg_)/;
const SAFE = /^[A-Za-z0-9_-]{6,64}$/;

/** The part of an answer's id behind its prefix: the upstream's own if it is safe to reuse, else a fresh one. */
export function answerSuffix(upstreamId: string | undefined, mintId: () => string): string {
  const suffix = upstreamId?.replace(PREFIX, '') ?? '';
  return SAFE.test(suffix) ? suffix : mintId();
}
