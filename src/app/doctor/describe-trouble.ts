import type { Provider, ProviderKey } from '../../catalog/catalog.ts';
import type { GatewayError } from '../../core/gateway-error.ts';
import type { ModelsOutcome } from '../ask-models.ts';
import { type Diagnosis, fail, warn } from './diagnosis.ts';

/** What OpenSSL makes of a server that answers in plain text; it depends on its version. */
const NO_TLS: ReadonlySet<string> = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
]);

type Trouble = Exclude<ModelsOutcome, { kind: 'listed' }>;

/** Why a provider did not tell its models, and what to do. */
export function describeTrouble(
  { name, baseUrl }: Provider,
  key: ProviderKey | null,
  outcome: Trouble,
): Diagnosis {
  const shownUrl = hideSecrets(baseUrl);
  switch (outcome.kind) {
    case 'key refused':
      return key === null
        ? fail(name, `wants a key (${outcome.status})`, `Add one under providers.${name}.keys.`)
        : fail(
            name,
            `refuses its key \`${key.name}\` (${key.preview}) with ${outcome.status}`,
            `Correct providers.${name}.keys.${key.name}, or the variable that it names.`,
          );
    case 'no list':
      return warn(
        name,
        `answers and has no list of models (${outcome.status}), so its key and models are not known to work`,
        `Its base_url is ${shownUrl}; a first call will tell.`,
      );
    case 'odd answer':
      return fail(
        name,
        `answered ${outcome.status}${outcome.message === null ? ' with something else than a list of models' : `: ${outcome.message}`}`,
        `Check that providers.${name}.base_url is the API's (${shownUrl}); if it is, try again later.`,
      );
    case 'not reached':
      return fail(name, outcome.error.message, adviceFor(name, outcome.error));
  }
}

/** A URL can have a password before its host, and a key in its query (SEC-3). */
function hideSecrets(url: string): string {
  return url.replace(/\/\/[^/?#]*@/, '//').replace(/[?#].*/, '');
}

function adviceFor(name: string, error: GatewayError): string {
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (NO_TLS.has(code)) return `Write http:// in providers.${name}.base_url.`;
  if (/CERT|TLS|SSL|LEAF_SIGNATURE/.test(code)) {
    return 'Check this machine’s clock; NODE_EXTRA_CA_CERTS names a file with further authorities.';
  }
  if (code === 'EAI_AGAIN' || /UNREACH$/.test(code)) return 'Check this machine’s network.';
  return `Check providers.${name}.base_url, and that nothing on the way keeps calls back.`;
}
