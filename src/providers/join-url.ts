import { GatewayError } from '../core/gateway-error.ts';
import { OPERATIONS, type Operation } from '../dialects/operation.ts';

const VERSION_SEGMENT = /\/v\d+[a-z0-9]*(?=\/|$)/;

/**
 * Joins a base URL and a path, adding the API's version segment unless the base already holds one
 * (`…/v1`, `…/api/paas/v4`, `…/v1beta/openai`). An empty version adds none.
 */
export function joinUrl(baseUrl: string, version: string, path: string): string {
  const url = new URL(baseUrl);
  const base = url.pathname.replace(/\/+$/, '');
  const versioned = version === '' || VERSION_SEGMENT.test(base) ? base : `${base}/${version}`;
  return `${url.origin}${versioned}${path}`;
}

/** The operation's route for a slug; slashes of the slug stay, other characters are percent-encoded. */
export function operationPath(operation: Operation, slug: string): string {
  return OPERATIONS[operation].path.replace('{model}', () =>
    slugSegments(slug).map(encodeURIComponent).join('/'),
  );
}

/**
 * The segments of a slug, for use in a path. Throws for a slug that would lead to another route: with a
 * wildcard model clients choose the slug.
 */
export function slugSegments(slug: string): string[] {
  const segments = slug.split('/');
  if (!segments.some((segment) => segment === '.' || segment === '..')) return segments;
  throw new GatewayError(
    'invalid_request',
    'The model’s name cannot be used in a URL path: a segment of it is `.` or `..`.',
    {
      param: 'model',
    },
  );
}
