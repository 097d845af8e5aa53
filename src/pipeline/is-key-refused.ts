/**
 * Whether an upstream's refusal is about the provider key, which is ours: the client's own is fine
 * (FAI-3). Google says it with a 400 and this reason.
 * https://github.com/googleapis/googleapis/blob/master/google/api/error_reason.proto ·
 * https://github.com/google-gemini/gemini-cli/issues/25198
 */
export function isKeyRefused(status: number, body: Buffer): boolean {
  if (status === 401 || status === 403) return true;
  return status === 400 && /"reason"\s*:\s*"API_KEY_INVALID"/.test(body.toString('latin1'));
}
