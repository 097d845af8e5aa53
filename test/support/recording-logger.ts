import { LOG_LEVELS, type Logger } from '../../src/core/logger.ts';

/** A line of the log. */
interface LogEntry {
  level: 'debug' | 'info' | 'warn' | 'error';
  message: string;
  fields: Record<string, unknown>;
}

/** A log that keeps everything from a level on. */
export function createRecordingLogger(
  least: LogEntry['level'] = 'debug',
): Logger & { entries: LogEntry[] } {
  const entries: LogEntry[] = [];
  const levels: readonly string[] = LOG_LEVELS;
  const isLevelEnabled = (level: string) => levels.indexOf(level) >= levels.indexOf(least);
  const write =
    (level: LogEntry['level']) => (fields: Record<string, unknown>, message: string) => {
      if (isLevelEnabled(level)) entries.push({ level, message, fields });
    };
  return {
    entries,
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    isLevelEnabled,
  };
}
