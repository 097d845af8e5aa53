/** What tells one endpoint from another, ready to look up what routing remembers of it. */
export interface EndpointId {
  /** By provider and slug: every model and key that shares them shares their speed. */
  speedKey: string;
  /** By provider, slug and key: a refused key says nothing of another one. */
  trustKey: string;
}

interface EndpointNames {
  provider: string;
  slug: string;
  /** The provider key's name; null where there is none. */
  key: string | null;
}

/** The id of an endpoint; made once when the config is compiled, not on each call. */
export function createEndpointId({ provider, slug, key }: EndpointNames): EndpointId {
  const speedKey = `${provider}\n${slug}`;
  return { speedKey, trustKey: `${speedKey}\n${key ?? ''}` };
}
