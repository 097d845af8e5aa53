import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ErrorCode, GatewayError } from '../core/gateway-error.ts';
import { printable } from '../core/printable.ts';
import type { Runtime } from '../pipeline/runtime.ts';
import { normaliseIp } from './client-ip.ts';
import type { Visit } from './visit.ts';

/** What a client does wrong before there is a call, so that the ledger does not tell of it. */
const MISTAKES: ReadonlySet<ErrorCode> = new Set([
  'unauthorized',
  'api_key_expired',
  'api_key_revoked',
  'host_not_allowed',
  'route_not_found',
]);

/** A client in a loop makes the same mistake again and again. */
const AGAIN_MS = 60_000;
const MAX_LINES = 100;
const MAX_LENGTH = 500;

const TLS =
  'A client speaks TLS (https://) to this plain HTTP port; its base URL has to begin with http://';

/** Tells the log of clients that do not get as far as the ledger. */
export interface RefusalLog {
  refused(visit: Visit, error: GatewayError): void;
  /** What could not be read as a request. */
  unreadable(runtime: Runtime, fault: Error, socket: Duplex): void;
}

/** A log of refusals that says the same at most once a minute, and not more than a hundred lines in one. */
export function createRefusalLog(): RefusalLog {
  /** When each was said, in that order. */
  const said = new Map<string, number>();

  const say = ({ logger, clock }: Runtime, what: string, line: string) => {
    const now = clock.monotonicMs();
    for (const [each, at] of said) {
      if (now - at < AGAIN_MS) break;
      said.delete(each);
    }
    if (said.has(what) || said.size >= MAX_LINES) return;
    said.set(what, now);
    logger.warn({}, printable(line.slice(0, MAX_LENGTH)));
  };
  return {
    refused({ runtime, settings, request, method, path }, { code, status, message }) {
      // The page at /ui asks before anybody has told it the admin key.
      if (!MISTAKES.has(code) || path.startsWith('/ui/data/')) return;
      const target = `${method} ${path}`;
      const reason = message.includes(target) ? message : `${target}: ${message}`;
      const client = settings.clientIp(request) || 'a client';
      say(runtime, `${code} ${target}`, `Refused ${client} with ${status}. ${reason}`);
    },
    unreadable(runtime, fault, socket) {
      if (!isTls(fault)) return;
      const address = socket instanceof Socket ? normaliseIp(socket.remoteAddress ?? '') : '';
      say(runtime, TLS, `${TLS} (${address || 'a client'}).`);
    },
  };
}

/** A handshake record of TLS, of whatever version: https://www.rfc-editor.org/rfc/rfc8446#section-5.1 */
function isTls(fault: Error): boolean {
  const bytes: unknown = Reflect.get(fault, 'rawPacket');
  return Buffer.isBuffer(bytes) && bytes[0] === 0x16 && bytes[1] === 0x03;
}
