import { encodeError } from '../dialects/error-envelopes.ts';
import { exactRoutes } from './exact-routes.ts';
import type { Surface } from './surface.ts';

const routes = exactRoutes('openai');

/** OpenAI's API: Chat Completions, Responses and the others. It owns every path that no other surface owns. */
export const openai: Surface = {
  id: 'openai',
  paths: [...routes.keys()],
  matchCall(path) {
    const operation = routes.get(path);
    return operation ? { operation, pathModel: null } : null;
  },
  ownsPath: () => true,
  encodeError: (error, requestId) => encodeError('openai', error, requestId),
};
