import type { LookupAddress, LookupOptions } from 'node:dns';
import { GatewayError } from '../core/gateway-error.ts';
import { isPublicAddress } from './public-address.ts';

/** Finds all addresses of a host name. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

type Done = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/**
 * A `lookup` for sockets that finds none but public addresses. The socket connects to the very address
 * that was checked, so a name cannot point elsewhere a moment later (SEC-4).
 */
export function createGuardedLookup(resolve: Resolve) {
  return (hostname: string, options: LookupOptions, done: Done): void => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined) return done(notFound(hostname), '');
        // One address inside is enough: which of them the socket takes is a matter of luck.
        if (!addresses.every(({ address }) => isPublicAddress(address))) {
          return done(notPublic(hostname), '');
        }
        if (options.all) return done(null, addresses);
        done(null, first.address, first.family);
      },
      (error: Error) => done(error, ''),
    );
  };
}

/** The refusal of a host that is not on the open internet. */
export function notPublic(host: string): GatewayError {
  return new GatewayError('media_fetch_failed', `${host} has no public address`);
}

function notFound(host: string): GatewayError {
  return new GatewayError('media_fetch_failed', `${host} has no address`);
}
