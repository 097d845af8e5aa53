import type { ProcessFigures } from '../metrics/process-families.ts';
import type { CircuitView } from '../routing/circuit.ts';
import type { AttemptMeasure } from '../routing/endpoint-stats.ts';
import type { PlainAmounts } from './plain-amounts.ts';
import type { PlainRecord } from './plain-record.ts';
import type { PlainStanding } from './plain-standing.ts';

/** What a worker tells and asks its owner. */
export type OwnerOperations = {
  /** Sent first; what was sent before it is lost. */
  hello(nothing: null): void;
  /** From here on the worker calls these limits by that number. */
  limits(numbered: readonly [number: number, limits: string]): void;
  /** Takes the claim from every limit, or from none; then likewise from the limits ahead. */
  take(claim: Claim): Granted | Refused;
  /** Turns a hold, or the part of it that limits of those ids are, into what was used. */
  settle(
    settled: readonly [hold: number, part: readonly string[] | null, used: PlainAmounts],
  ): void;
  /** A line for the ledger. */
  line(line: string): void;
  count(counted: readonly [model: string, record: PlainRecord]): void;
  measured(measured: Measured): void;
  /** An attempt on a half-open circuit began. */
  probing(trustKey: string): void;
  tried(tried: Tried): void;
  busy(busy: { trustKey: string; milliseconds: number }): void;
  watched(model: string): void;
  weighed(weighed: Weighed): void;
};

/** What the owner tells and asks a worker. */
export type WorkerOperations = {
  /** The first order: begin to answer calls. */
  start(order: StartOrder): Started | Promise<Started>;
  /** Calls from here on run against that config. */
  reload(text: ConfigText): void | Promise<void>;
  /** Let calls finish for so long; answered when all have settled. */
  drain(graceMs: number): void | Promise<void>;
  /** The grace is over. */
  hurry(nothing: null): void;
  figures(nothing: null): ProcessFigures;
  measured(measured: Measured): void;
  circuit(seen: { trustKey: string; view: CircuitView }): void;
  watched(model: string): void;
  weighed(weighed: Weighed): void;
  /** Whether calls are to be refused because the ledger fails. */
  refuses(refuses: boolean): void;
};

/** The numbers of limits, which a hold has from the worker too; that of the hold ahead is the next one. */
export type Claim = readonly [
  hold: number,
  limits: number,
  /** 0 = none. */
  ahead: number,
  claim: PlainAmounts,
];

/** What a claim got, without what the worker knows of it; the limits ahead may have refused. */
export type Granted = readonly [
  requests: PlainStanding,
  tokens: PlainStanding,
  ahead: Refused | null,
];

/** The limit that a claim did not fit into, by its id. */
export interface Refused {
  limit: string;
  /** What is left; text where it is counted exactly. */
  left: number | string;
  waitMs: number | null;
}

/** How fast an endpoint was, and whether it answered. */
export interface Measured {
  speedKey: string;
  measure: AttemptMeasure;
}

/** What an attempt showed to the circuit of its endpoint, and since how many openings it ran. */
export interface Tried {
  trustKey: string;
  openings: number;
  isProbe: boolean;
  outcome: 'prove' | 'succeed' | 'fail' | 'lasting' | 'forget';
}

/** How many tokens a text of a model was. */
export interface Weighed {
  model: string;
  textBytes: number;
  tokens: number;
}

/** A config that the owner has found valid. */
export interface ConfigText {
  text: string;
  /** The fetched price list beside it. */
  prices: string | undefined;
  /** Where the simulated providers are. */
  mockUrls: readonly (readonly [provider: string, url: string])[];
}

/** What a worker starts with. */
export interface StartOrder {
  config: ConfigText;
  host: string;
  /** 0 = any free one, the same for all. */
  port: number;
  /** The socket at which the owner answers pages about what it owns. */
  pages: string;
  refuses: boolean;
}

/** Where a worker listens, or why it cannot. */
export type Started = { url: string } | { problems: readonly string[] };
