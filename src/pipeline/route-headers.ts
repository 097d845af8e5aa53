/** What is known of a call's way when it is answered; one that was refused early has not come far. */
export interface KnownRoute {
  model: string | undefined;
  provider: string | undefined;
  profile: string;
  attempts: number;
}

/** Adds what every answer tells of its way (ROU-11). */
export function addRouteHeaders(
  headers: Record<string, string>,
  { model, provider, profile, attempts }: KnownRoute,
): void {
  headers['x-signalbox-attempts'] = String(attempts);
  if (provider !== undefined) headers['x-signalbox-provider'] = headerText(provider);
  if (model === undefined) return;
  headers['x-signalbox-model'] = headerText(model);
  headers['x-signalbox-profile'] = profile;
}

/** Names may hold what a header may not, and clients may invent some that are not even text. */
export function headerText(name: string): string {
  return /^[\x20-\x7e]*$/.test(name) ? name : encodeURIComponent(Buffer.from(name).toString());
}
