import { type AppOptions, startApp } from '../../src/app/start-app.ts';
import { silentLogger } from '../../src/core/logger.ts';

/** The app of a config file as tests want it: on a free port, without a word, and left alone by the machine. */
export function startQuietly(configFile: string, options: Partial<AppOptions> = {}) {
  return startApp({
    configFile,
    port: 0,
    watch: false,
    allowOpen: false,
    environment: {},
    logger: silentLogger,
    ...options,
  });
}
