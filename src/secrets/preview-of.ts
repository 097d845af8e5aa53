/** The first 3 and last 4 characters of a credential, or nothing of one too short to hide. */
export function previewOf(credential: string): string {
  if (credential.length < 12) return '…';
  return `${credential.slice(0, 3)}…${credential.slice(-4)}`;
}
