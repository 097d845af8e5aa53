import type { Catalog, Provider, ProviderKey } from '../../catalog/catalog.ts';
import type { Clock } from '../../core/clock.ts';
import { suggest } from '../../core/suggest.ts';
import { createUpstreamClient, type UpstreamClient } from '../../upstream/client.ts';
import { askModels, hasModel, type ModelsQuestion } from '../ask-models.ts';
import type { UpstreamModel } from '../read-model-list.ts';
import { revealKey } from '../reveal-key.ts';
import { judgeClock } from './check-clock.ts';
import { describeTrouble } from './describe-trouble.ts';
import { type Diagnosis, fail, ok, warn } from './diagnosis.ts';

/** For each request; all providers are asked at once. */
const TIMEOUT_MS = 10_000;

/** What was found out, and how far this machine's clock is from the provider's. */
interface Visit {
  diagnoses: Diagnosis[];
  /** In milliseconds, positive where this machine is ahead; null = not told. */
  aheadMs: number | null;
}

/** Asks every real provider for its models, with each of its keys, at no cost (CLI-11). */
export async function checkProviders(catalog: Catalog, clock: Clock): Promise<Diagnosis[]> {
  const real = [...catalog.providers.values()].filter(
    ({ enabled, type }) => enabled && type.id !== 'MOCK',
  );
  if (real.length === 0) return [ok('providers', 'none of them is a real one: all are simulated')];
  const upstream = createUpstreamClient();
  try {
    const visits = await Promise.all(
      real.flatMap((provider) =>
        keysOf(provider).map((key) => visit(provider, key, { catalog, clock, upstream })),
      ),
    );
    const offsets = visits.flatMap(({ aheadMs }) => aheadMs ?? []);
    return [...visits.flatMap(({ diagnoses }) => diagnoses), judgeClock(offsets)];
  } finally {
    await upstream.close();
  }
}

function keysOf({ keys }: Provider): (ProviderKey | null)[] {
  const valid = [...keys.values()].filter(({ revoked }) => !revoked);
  return valid.length === 0 ? [null] : valid;
}

interface Means {
  catalog: Catalog;
  clock: Clock;
  upstream: UpstreamClient;
}

async function visit(
  provider: Provider,
  key: ProviderKey | null,
  { catalog, clock, upstream }: Means,
): Promise<Visit> {
  const question: ModelsQuestion = {
    provider,
    key: key && (await revealKey(key, catalog)),
    upstream,
    timeoutMs: TIMEOUT_MS,
  };
  const startedMs = clock.monotonicMs();
  const { outcome, dateMs } = await askModels(question);
  const tookMs = Math.round(clock.monotonicMs() - startedMs);
  const aheadMs = dateMs === null ? null : clock.now() - tookMs / 2 - dateMs;
  if (outcome.kind !== 'listed') {
    return { diagnoses: [describeTrouble(provider, key, outcome)], aheadMs };
  }
  const slugs = slugsServedBy(catalog, provider, key);
  const lacking = await findLacking(question, outcome.models, slugs);
  const accepts =
    key === null ? 'takes calls without a key' : `key \`${key.name}\` (${key.preview}) is accepted`;
  const found = `${outcome.models.length} models in ${tookMs} ms`;
  return { diagnoses: [ok(provider.name, `${accepts}; ${found}`), ...lacking], aheadMs };
}

/** The slugs that calls with this key name; those of wildcards are the clients' to choose. */
function slugsServedBy(catalog: Catalog, provider: Provider, key: ProviderKey | null): string[] {
  const slugs = [...catalog.models.values()].flatMap(({ endpoints }) =>
    endpoints
      .filter((endpoint) => endpoint.provider === provider && endpoint.key?.name === key?.name)
      .map(({ slug }) => slug),
  );
  return [...new Set(slugs)];
}

/** A diagnosis for each configured slug that is neither listed nor found by itself. */
async function findLacking(
  question: ModelsQuestion,
  listed: readonly UpstreamModel[],
  slugs: readonly string[],
): Promise<Diagnosis[]> {
  const { provider, key } = question;
  const { lists } = provider.type.modelList({ baseUrl: provider.baseUrl, key }, provider.settings);
  if (lists === 'none') return [];
  const names = new Set(listed.map(({ slug }) => slug));
  const diagnoses = slugs.map(async (slug): Promise<Diagnosis[]> => {
    if (names.has(slug) || (await hasModel(question, slug)) !== false) return [];
    const says = `has no model \`${slug}\`${suggest(slug, names)}`;
    const advice = `Correct the \`slug\`; \`signalbox models discover ${provider.name}\` lists what there is.`;
    return [(lists === 'all' ? fail : warn)(provider.name, says, advice)];
  });
  return (await Promise.all(diagnoses)).flat();
}
