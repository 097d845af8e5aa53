import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { GatewayError } from '../core/gateway-error.ts';

interface GuardSettings {
  /** The address that the server binds. */
  host: string;
  allowedOrigins: readonly string[];
  /** Without API keys, whoever reaches the port may call. */
  openMode: boolean;
}

/**
 * Refuses what a web page could make a browser send (SEC-2): requests of another origin, and in open
 * mode requests under a host name that an attacker's DNS can point here. Returns the headers by which
 * a browser lets an allowed page read the answer; null where it needs none.
 */
export function guardBrowser(
  request: IncomingMessage,
  settings: GuardSettings,
): Record<string, string> | null {
  const host = request.headers.host ?? '';
  if (settings.openMode && !isOwnHost(hostName(host), settings.host)) {
    throw new GatewayError(
      'host_not_allowed',
      'Without `api_keys` the Host must be an IP address of this machine or localhost (against DNS rebinding); call by IP address, or set `api_keys`.',
    );
  }
  const { origin } = request.headers;
  if (origin === undefined || origin === `http://${host}` || origin === `https://${host}`)
    return null;
  if (!settings.allowedOrigins.includes(origin)) {
    throw new GatewayError(
      'origin_not_allowed',
      'Web pages of this origin may not call; list it under `server.allowed_origins` if they should.',
    );
  }
  return corsHeaders(origin);
}

function corsHeaders(origin: string): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-allow-headers': '*, authorization',
    'access-control-expose-headers': '*',
    'access-control-max-age': '600',
    vary: 'origin',
  };
}

function hostName(host: string): string {
  return host
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
}

function isOwnHost(name: string, bound: string): boolean {
  if (isLoopbackHost(name) || name === bound.toLowerCase()) return true;
  // A page cannot make a browser send an address as host name while it resolves to another one.
  return !isLoopbackHost(bound) && isIP(name) !== 0;
}

/** True for names and addresses that only this machine reaches. */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase();
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '::1' ||
    (isIP(name) === 4 && name.startsWith('127.'))
  );
}
