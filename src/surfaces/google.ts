import { GatewayError } from '../core/gateway-error.ts';
import { encodeError } from '../dialects/error-envelopes.ts';
import { OPERATION_NAMES, type Operation, operationFacts } from '../dialects/operation.ts';
import type { Surface } from './surface.ts';

const MODELS_PATH = /^(?:\/v1beta|\/v1)?\/models\/(.+)$/s;

const verbs = new Map<string, Operation>(
  OPERATION_NAMES.filter((operation) => operationFacts(operation).surface === 'google').map(
    (operation) => [operationFacts(operation).path.slice('/models/{model}:'.length), operation],
  ),
);

/** The Gemini API, whose paths name the model and end in a verb (RES-5). */
export const google: Surface = {
  id: 'google',
  paths: [],
  matchCall(path) {
    const encoded = MODELS_PATH.exec(path)?.[1];
    if (encoded === undefined) return null;
    const decoded = decode(encoded);
    // The verb follows the last colon: the model may hold others, such as `:cost`.
    const colon = decoded.lastIndexOf(':');
    const operation = colon === -1 ? undefined : verbs.get(decoded.slice(colon + 1));
    if (operation === undefined) return null;
    return { operation, pathModel: decoded.slice(0, colon).replace(/^models\//, '') };
  },
  ownsPath: (path) => path.startsWith('/v1beta/') || MODELS_PATH.test(path),
  encodeError: (error, requestId) => encodeError('google', error, requestId),
};

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch (cause) {
    throw new GatewayError('invalid_request', 'The path is not valid percent-encoding.', { cause });
  }
}
