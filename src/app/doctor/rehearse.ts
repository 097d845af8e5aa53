import type { Catalog } from '../../catalog/catalog.ts';
import type { CatalogSource } from '../../catalog/compile.ts';
import { createDeparture } from '../../core/departure.ts';
import { totalInput, totalOutput } from '../../core/token-usage.ts';
import { isUsable } from '../../pipeline/candidates.ts';
import { readErrorMessage } from '../../pipeline/read-error-message.ts';
import { createUpstreamClient, type UpstreamClient } from '../../upstream/client.ts';
import { collectBody } from '../../upstream/collect-body.ts';
import { formatUsd } from '../../usage/nano-usd.ts';
import { type Diagnosis, fail, ok, warn } from './diagnosis.ts';
import { type RehearsalRequest, rehearsalRequests } from './rehearsal-requests.ts';
import { type Rehearsal, startRehearsal } from './start-rehearsal.ts';

const SUBJECT = 'rehearsal';
const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * Starts the configured proxy against simulated upstreams and calls each provider's first chat model on
 * every surface, whole and streamed: answer, ledger line and cost have to agree (CLI-11).
 */
export async function rehearse(source: CatalogSource, catalog: Catalog): Promise<Diagnosis[]> {
  const models = modelsToTry(catalog);
  if (models.length === 0) {
    return [
      warn(SUBJECT, 'no model for chats has a provider that is enabled, so nothing was tried'),
    ];
  }
  const rehearsal = await startRehearsal(source);
  const client = createUpstreamClient();
  try {
    const diagnoses: Diagnosis[] = [];
    for (const tried of models) diagnoses.push(await tryModel(tried, { rehearsal, client }));
    const unbalanced = await compareWithBill(rehearsal);
    return unbalanced === null ? diagnoses : [...diagnoses, unbalanced];
  } finally {
    await client.close();
    await rehearsal.stop();
  }
}

interface TriedModel {
  provider: string;
  /** What is asked for: pinned, so that this provider answers. */
  model: string;
  /** For people. */
  name: string;
}

function modelsToTry(catalog: Catalog): TriedModel[] {
  return [...catalog.providers.keys()].flatMap((provider): TriedModel[] => {
    for (const [slug, model] of catalog.pins.get(provider) ?? []) {
      const isChat = model.kind === 'chat' || model.kind === 'reasoning';
      if (isChat && model.endpoints.some(isUsable)) {
        return [{ provider, model: `${provider}:${slug}`, name: model.name }];
      }
    }
    return [];
  });
}

interface Stage {
  rehearsal: Rehearsal;
  client: UpstreamClient;
}

async function tryModel({ provider, model, name }: TriedModel, stage: Stage): Promise<Diagnosis> {
  const requests = rehearsalRequests(model);
  for (const request of requests) {
    const flaw = await findFlaw(request, stage);
    if (flaw === null) continue;
    const how = `${request.surface}, ${request.stream ? 'streamed' : 'whole'}`;
    return fail(
      SUBJECT,
      `${name} at ${provider} (${how}): ${flaw}`,
      'No provider was asked: the config itself does this. `signalbox explain` tells how it is read.',
    );
  }
  const surfaces = new Set(requests.map(({ surface }) => surface)).size;
  const says = `${name} at ${provider}: answers, ledger lines and costs agree on ${surfaces} surfaces, whole and streamed`;
  return ok(SUBJECT, says);
}

/** What is wrong with the answer to one request, or with its line; null = nothing. */
async function findFlaw(
  { path, body, end }: RehearsalRequest,
  { rehearsal, client }: Stage,
): Promise<string | null> {
  const response = await client.send({
    url: rehearsal.url + path,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(body)),
    timeoutMs: TIMEOUT_MS,
    departure: createDeparture(),
  });
  const answer = await collectBody(response.body, MAX_ANSWER_BYTES);
  if (response.status !== 200) {
    return `answered ${response.status}: ${readErrorMessage(answer) ?? 'no reason given'}`;
  }
  if (!answer.toString('utf8').includes(end)) return 'the answer is not whole';
  const id = response.headers['x-request-id'];
  const line = (await rehearsal.ledger()).find((each) => each['request_id'] === id);
  if (line === undefined) return 'its line is missing in the ledger';
  return findMoneyFlaw(line, response.headers['x-signalbox-cost-usd']);
}

function findMoneyFlaw(line: Record<string, unknown>, header: string | undefined): string | null {
  const { cost_nanos_usd: cost, billing = {}, usage_source: source, error_code: code } = line;
  if (code !== undefined) return `its line says ${code}`;
  if (source !== 'reported') return `its usage is ${source}, not reported`;
  if (cost === null) return line['cost_reason'] === 'unpriced' ? null : 'its cost is not known';
  const parts = Object.values(billing as Record<string, number>);
  const sum = parts.reduce((total, nanos) => total + BigInt(nanos), 0n);
  if (sum !== BigInt(cost as number)) return 'its cost is not the sum of its parts';
  if (header === undefined || header === formatUsd(sum)) return null;
  return 'the cost in its header is not that of its line';
}

/** The sum of the ledger is the bill of the upstream (LED-6). */
async function compareWithBill({ bill, ledger }: Rehearsal): Promise<Diagnosis | null> {
  const billed = Object.values(bill().byModel).map(({ usage }) => usage.tokens);
  const lines = (await ledger()).map(({ tokens }) => tokens as Record<string, number> | undefined);
  const sum = (figures: number[]) => figures.reduce((total, figure) => total + figure, 0);
  const written = ['in', 'out'].map((side) => sum(lines.map((tokens) => tokens?.[side] ?? 0)));
  const charged = [totalInput, totalOutput].map((total) => sum(billed.map(total)));
  if (written.join() === charged.join()) return null;
  return fail(
    SUBJECT,
    `the ledger has ${written.join(' + ')} tokens, the simulated providers counted ${charged.join(' + ')}`,
    'Please report this with your config, without its keys: it is a fault in Signalbox.',
  );
}
