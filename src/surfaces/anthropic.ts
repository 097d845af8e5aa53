import { encodeError } from '../dialects/error-envelopes.ts';
import { exactRoutes } from './exact-routes.ts';
import type { Surface } from './surface.ts';

const routes = exactRoutes('anthropic');

/** Anthropic's Messages API. */
export const anthropic: Surface = {
  id: 'anthropic',
  paths: [...routes.keys()],
  matchCall(path) {
    const operation = routes.get(path);
    return operation ? { operation, pathModel: null } : null;
  },
  ownsPath: (path) => /^(\/v1)?\/messages(\/|$)/.test(path),
  encodeError: (error, requestId) => encodeError('anthropic', error, requestId),
};
