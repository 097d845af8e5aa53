import { TOKEN_BUCKETS } from '../core/token-usage.ts';
import { TOKEN_ROWS } from '../usage/rate-table.ts';
import type { MeteredRecord } from '../usage/usage-record.ts';
import { createEndpointMeter, type EndpointMeter } from './endpoint-meter.ts';
import type { Family, Labels, Sample } from './family.ts';

/** What Prometheus is told of calls: counted as they settle, written when somebody asks. */
export interface CallMeters {
  /**
   * Counts a settled call. `model` is the name that the config knows it by, or empty: what clients
   * send must never become a label.
   */
  count(model: string, record: MeteredRecord): void;
  families(): Family[];
}

/** Meters that have counted nothing. */
export function createCallMeters(): CallMeters {
  const byModel = new Map<string, Map<string, EndpointMeter>>();
  let settled = 0;

  const meterOf = (model: string, provider: string): EndpointMeter => {
    const byProvider = byModel.get(model) ?? new Map<string, EndpointMeter>();
    byModel.set(model, byProvider);
    const meter = byProvider.get(provider) ?? createEndpointMeter();
    byProvider.set(provider, meter);
    return meter;
  };
  return {
    count(model, record) {
      settled++;
      meterOf(model, record.provider ?? '').count(record);
    },
    families() {
      const meters = [...byModel].flatMap(([model, byProvider]) =>
        [...byProvider].map(([provider, meter]) => ({ labels: { model, provider }, meter })),
      );
      const written = CALL_FAMILIES.map(({ sample, ...facts }) => ({
        ...facts,
        samples: meters.flatMap(({ labels, meter }) => sample(meter, labels)),
      }));
      return [...written, ledgerLines(settled)];
    },
  };
}

interface CallFamily extends Omit<Family, 'samples'> {
  sample(meter: EndpointMeter, labels: Labels): Sample[];
}

const CALL_FAMILIES: readonly CallFamily[] = [
  {
    name: 'signalbox_calls_total',
    help: 'Calls that passed authentication, by class of HTTP status.',
    type: 'counter',
    sample: ({ calls }, labels) =>
      [...calls].flatMap(([surface, byStatus]) =>
        [...byStatus].map(([status, value]) => ({ labels: { ...labels, surface, status }, value })),
      ),
  },
  {
    name: 'signalbox_errors_total',
    help: 'Calls that ended with an error, by its code.',
    type: 'counter',
    sample: ({ errors }, labels) =>
      [...errors].map(([code, value]) => ({ labels: { ...labels, code }, value })),
  },
  {
    name: 'signalbox_tokens_total',
    help: 'Tokens by kind, each in exactly one, as the ledger names them.',
    type: 'counter',
    sample: ({ tokens }, labels) =>
      TOKEN_ROWS.map(({ name, counts }) => ({
        labels: { ...labels, kind: name },
        value: tokens[TOKEN_BUCKETS.indexOf(counts)] ?? 0,
      })).filter(({ value }) => value > 0),
  },
  {
    name: 'signalbox_cost_nano_usd_total',
    help: 'Known cost in billionths of a US dollar.',
    type: 'counter',
    sample: ({ nanoUsd }, labels) => [{ labels, value: nanoUsd }],
  },
  {
    name: 'signalbox_calls_of_unknown_cost_total',
    help: 'Calls whose cost is not known; they are not in the cost.',
    type: 'counter',
    sample: ({ uncosted }, labels) => [{ labels, value: uncosted }],
  },
  {
    name: 'signalbox_call_duration_seconds',
    help: 'From the arrival of a call to its settlement.',
    type: 'histogram',
    sample: ({ latency }, labels) => latency.samples(labels),
  },
  {
    name: 'signalbox_time_to_first_token_seconds',
    help: 'From the arrival of a streamed call to its first content.',
    type: 'histogram',
    sample: ({ ttft }, labels) => ttft.samples(labels),
  },
];

function ledgerLines(settled: number): Family {
  return {
    name: 'signalbox_ledger_lines_total',
    help: 'Lines handed to the ledger, lost ones included.',
    type: 'counter',
    samples: [{ labels: {}, value: settled }],
  };
}
