import type { AttemptContext } from './exchange.ts';

/** The name that an answer shows in place of the upstream's model (RES-7); null = that one stays. */
export function shownModelOf({
  request,
  resolution,
}: Pick<AttemptContext, 'request' | 'resolution'>): string | null {
  return resolution.model.responseModel === 'requested' ? String(request.model) : null;
}
