import pino from 'pino';
import pretty from 'pino-pretty';
import type { Logger } from '../core/logger.ts';

interface LogSettings {
  level: string;
  /** `auto` = pretty on a terminal, JSON otherwise. */
  format: 'auto' | 'pretty' | 'json';
}

/** The log on stderr: stdout belongs to data. Written in-process, since a bundle has no worker files. */
export function createLogger({ level, format }: LogSettings): Logger {
  const stream = isPrettyFormat(format)
    ? pretty({
        destination: 2,
        sync: true,
        ignore: 'pid,hostname',
        translateTime: 'SYS:HH:MM:ss',
        // Its own guess looks at stdout, where the log is not.
        colorize: process.stderr.isTTY && process.stderr.hasColors(),
      })
    : pino.destination({ dest: 2, sync: false });
  return pino({ level }, stream);
}

/** Whether the log is written for people. */
export function isPrettyFormat(format: LogSettings['format']): boolean {
  return format === 'pretty' || (format === 'auto' && process.stderr.isTTY);
}
