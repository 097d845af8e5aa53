import type { Provider } from '../catalog/catalog.ts';
import { GatewayError } from '../core/gateway-error.ts';
import { maskSent } from '../core/mask-sent.ts';
import { isKeyRefused } from '../pipeline/is-key-refused.ts';
import { readErrorMessage } from '../pipeline/read-error-message.ts';
import type { UpstreamClient } from '../upstream/client.ts';
import { get, type UpstreamReply } from '../upstream/get.ts';
import { readModelList, type UpstreamModel } from './read-model-list.ts';

/** Who is asked for its models, and as whom. */
export interface ModelsQuestion {
  provider: Provider;
  /** The provider key in plain text; null where it needs none. */
  key: string | null;
  upstream: UpstreamClient;
  /** For each request of it. */
  timeoutMs: number;
}

/** What became of the question. */
export type ModelsOutcome =
  | { kind: 'listed'; models: UpstreamModel[] }
  /** It does not accept the key. */
  | { kind: 'key refused'; status: number; message: string | null }
  /** It is there and has no such list. */
  | { kind: 'no list'; status: number }
  /** It answered with a failure, or with something else than a list. */
  | { kind: 'odd answer'; status: number; message: string | null }
  | { kind: 'not reached'; error: GatewayError };

/** What a provider says of its models. */
export interface ModelsAnswer {
  outcome: ModelsOutcome;
  /** The upstream's clock when it answered, in milliseconds since the epoch; null = not told. */
  dateMs: number | null;
}

/** Asks a provider for its models, which costs nothing. */
export async function askModels(question: ModelsQuestion): Promise<ModelsAnswer> {
  const { provider, key, upstream, timeoutMs } = question;
  const request = provider.type.modelList({ baseUrl: provider.baseUrl, key }, provider.settings);
  const headers = { ...request.headers, ...provider.headers };
  try {
    const reply = await get(upstream, { url: request.url, headers, timeoutMs });
    const dateMs = Date.parse(reply.headers['date'] ?? '');
    return {
      outcome: judge(reply, readModelList(reply.body, request.shape), (text) =>
        maskSent(text, [key ?? '', ...Object.values(headers)]),
      ),
      dateMs: Number.isNaN(dateMs) ? null : dateMs,
    };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { outcome: { kind: 'not reached', error }, dateMs: null };
  }
}

function judge(
  { status, body }: UpstreamReply,
  models: UpstreamModel[] | null,
  mask: (text: string) => string,
): ModelsOutcome {
  const said = readErrorMessage(body);
  const message = said === null ? null : mask(said);
  if (isKeyRefused(status, body)) return { kind: 'key refused', status, message };
  if (status === 200 && models !== null) return { kind: 'listed', models };
  if (status === 404 || status === 405) return { kind: 'no list', status };
  return { kind: 'odd answer', status, message };
}

/**
 * Whether the provider has a model that its list does not name, such as an alias of one; null where it
 * does not say.
 */
export async function hasModel(question: ModelsQuestion, slug: string): Promise<boolean | null> {
  const { provider, key, upstream, timeoutMs } = question;
  const request = provider.type.modelList({ baseUrl: provider.baseUrl, key }, provider.settings);
  const url = new URL(request.url);
  const path = slug.split('/').map(encodeURIComponent).join('/');
  const headers = { ...request.headers, ...provider.headers };
  const item = `${url.origin}${url.pathname}/${path}`;
  const reply = await get(upstream, { url: item, headers, timeoutMs }).catch(() => null);
  if (reply?.status === 404) return false;
  return reply?.status === 200 ? true : null;
}
