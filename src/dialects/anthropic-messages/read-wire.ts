import type { GatewayError } from '../../core/gateway-error.ts';
import type { CacheMark } from '../ir/chat-request.ts';
import { isObject } from '../json-object.ts';
import { onlyNativeTo } from '../losses.ts';

/** The 400 for what only Anthropic's own API can do. */
export function onlyNative(path: string): GatewayError {
  return onlyNativeTo('Anthropic Messages', path);
}

/** The mark of a `cache_control` member. */
export function readCacheMark(value: unknown): CacheMark | undefined {
  if (!isObject(value) || value['type'] !== 'ephemeral') return undefined;
  const { ttl } = value;
  return { ttl: ttl === '5m' || ttl === '1h' ? ttl : undefined };
}
