/** How important a line of the log is, least important first; `silent` writes none. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

type LogFields = Record<string, unknown>;
type LogMethod = (fields: LogFields, message: string) => void;

/** What the folders need of a log; pino satisfies it. Never hand it prompts, answers or secrets. */
export interface Logger {
  debug: LogMethod;
  info: LogMethod;
  warn: LogMethod;
  error: LogMethod;
  isLevelEnabled(level: string): boolean;
}

/** A log that goes nowhere, for commands that only look and for tests. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  isLevelEnabled: () => false,
};
