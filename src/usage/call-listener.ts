import type { ClientHeaders } from '../core/client-headers.ts';
import type { UsageRecord } from './usage-record.ts';

/** Is told of each call when it settles, and of the headers that it came with. Must not throw. */
export type CallListener = (record: UsageRecord, headers: ClientHeaders) => void;
