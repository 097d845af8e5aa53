import type { Endpoint } from '../../catalog/catalog.ts';
import { readLimits } from '../../pipeline/read-limits.ts';
import type { Runtime } from '../../pipeline/runtime.ts';
import { guardOwnRoute } from '../guard-own-route.ts';
import type { Visit } from '../visit.ts';

const CIRCUIT_STATES = ['closed', 'open', 'half-open', 'probing', 'waiting'] as const;

/** Answers `GET /metrics` in Prometheus' text format; its writer loads with the first scrape. */
export async function answerMetrics(visit: Visit): Promise<void> {
  guardOwnRoute(visit);
  const { runtime, response } = visit;
  const { encodeFamilies, METRICS_TYPE } = await import('../../metrics/encode-families.ts');
  const { limitFamilies } = await import('../../metrics/limit-families.ts');
  const { processFamilies } = await import('../../metrics/process-families.ts');
  const text = encodeFamilies([
    ...runtime.meters.families(),
    ...ledgerFamilies(runtime),
    circuitFamily(runtime),
    ...limitFamilies(await readLimits(runtime)),
    {
      name: 'signalbox_config_info',
      help: 'The config that runs, by hash.',
      type: 'gauge' as const,
      samples: [{ labels: { hash: runtime.catalog.configHash }, value: 1 }],
    },
    ...processFamilies(runtime.clock.now(), await visit.health().others()),
  ]);
  const body = Buffer.from(text);
  response.writeHead(200, { 'content-type': METRICS_TYPE, 'content-length': body.length });
  response.end(body);
}

function ledgerFamilies({ ledger }: Runtime) {
  const { healthy, lost } = ledger.state();
  return [
    {
      name: 'signalbox_ledger_lines_lost_total',
      help: 'Lines that did not reach the ledger.',
      type: 'counter' as const,
      samples: [{ labels: {}, value: lost }],
    },
    {
      name: 'signalbox_ledger_healthy',
      help: '1 while lines reach the ledger.',
      type: 'gauge' as const,
      samples: [{ labels: {}, value: Number(healthy) }],
    },
  ];
}

/** One sample for each state of each endpoint of the config: 1 for the state that it is in. */
function circuitFamily({ catalog, routing, clock }: Runtime) {
  const nowMs = clock.monotonicMs();
  const models = [...catalog.models.values(), ...catalog.wildcards.map(({ model }) => model)];
  const endpoints = new Map<string, Endpoint>();
  for (const endpoint of models.flatMap((model) => model.endpoints)) {
    endpoints.set(endpoint.id.trustKey, endpoint);
  }
  return {
    name: 'signalbox_endpoint_circuit',
    help: '1 for the state that the circuit of an endpoint is in, 0 for the others.',
    type: 'gauge' as const,
    samples: [...endpoints.values()].flatMap(({ id, provider, slug, key }) => {
      const current = routing.circuit(id).state(nowMs);
      return CIRCUIT_STATES.map((state) => ({
        labels: { provider: provider.name, slug, provider_key: key?.name ?? '', state },
        value: Number(state === current),
      }));
    }),
  };
}
