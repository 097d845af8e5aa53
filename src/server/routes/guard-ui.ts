import { GatewayError } from '../../core/gateway-error.ts';
import { guardOwnRoute } from '../guard-own-route.ts';
import type { Visit } from '../visit.ts';
import { isLocalVisitor } from '../visitor-address.ts';

/**
 * Throws unless the page of this very server may read: with the admin key; without one in the config
 * only in open mode, and from this machine. Other web pages may not, those that may call included.
 */
export function guardUi(visit: Visit): void {
  const { headers } = visit.request;
  const site = headers['sec-fetch-site'] ?? 'none';
  const isOwnPage = site === 'same-origin' || site === 'none';
  if (!isOwnPage || !isOwnOrigin(headers.origin, headers.host)) {
    throw new GatewayError(
      'origin_not_allowed',
      'Only the page at /ui of this server may read it.',
    );
  }
  guardOwnRoute(visit);
  if (visit.runtime.catalog.adminDigest === null && !isLocalVisitor(visit.request)) {
    throw new GatewayError(
      'unauthorized',
      'Without an admin key the page is for this machine only; set `admin_key` in the config.',
    );
  }
}

function isOwnOrigin(origin: string | undefined, host = ''): boolean {
  return origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
}
