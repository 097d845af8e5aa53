const PREFIX = /^(chatcmpl-|resp_|msg_)/;
const SAFE = /^[A-Za-z0-9_-]{6,64}$/;

/** What follows the prefix in an answer's id: the upstream's own where it can be carried, else fresh. */
export function answerSuffix(upstreamId: string | undefined, mintId: () => string): string {
  const suffix = upstreamId?.replace(PREFIX, '') ?? '';
  return SAFE.test(suffix) ? suffix : mintId();
}
