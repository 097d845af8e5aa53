import type * as z from 'zod';
import type { GatewayError } from '../core/gateway-error.ts';
import type { Limit } from './limit.ts';
import type { Scope } from './scope.ts';

/** What is known of a call when its checks judge it. */
export interface CallFacts {
  clientIp: string;
  /** Of the body, as far as it has come or is announced. */
  bodyBytes: number;
  /** As estimated. */
  inputTokens: number;
  /** Output tokens that the request allows itself; null = it names no limit, or has none. */
  outputLimit: number | null;
}

/**
 * When a check has what it looks at: `arrival` = the address · `body` = a length, announced or
 * reached · `request` = the request itself.
 */
export type Stage = 'arrival' | 'body' | 'request';

/** A rule that counts nothing. */
export interface Check {
  readonly kind: 'check';
  readonly stage: Stage;
  judge(facts: CallFacts): GatewayError | null;
  /** Set as the request's output limit where it names none. */
  readonly maxOutput?: number;
}

/** A rule that counts, and of which a call holds something until it settles. */
export interface CountedRule {
  readonly kind: 'limit';
  readonly limit: Limit;
}

export type Rule = Check | CountedRule;

/** How the config file writes sizes and money; given from above, since policies know neither. */
export interface Units {
  /** Bytes. */
  byteSize: z.ZodType<number, string | number>;
  /** Nanos. */
  usd: z.ZodType<bigint, string | number>;
}

/**
 * One kind of rule with its settings: a key of every `policies` block, or a list beside it (`budgets`).
 * Two policies may share a key; each then brings some of its fields.
 */
export interface Policy<Shape extends z.ZodRawShape = z.ZodRawShape> {
  readonly key: string;
  readonly place: 'policies' | 'list';
  /** For the reader of the schema. */
  readonly about: string;
  shape(units: Units): Shape;
  /** What else is wrong with well-formed settings. */
  findFlaw?(settings: z.output<z.ZodObject<Shape>>): string | undefined;
  /** The rules of one scope; `limitAt` fills in what all its limits share. */
  compile(settings: z.output<z.ZodObject<Shape>>, place: RulePlace): Rule[];
}

/** Whose rules are compiled. */
export interface RulePlace {
  scope: Scope;
  /**
   * The facts of a limit that stands below the scope at this setting; of a list's entries the kind tells
   * one counter from another.
   */
  limitAt(setting: string, kind?: string): Pick<Limit, 'id' | 'scope' | 'setting' | 'order'>;
}

/** Types a policy by its settings, and hides that type from the registry. */
export function definePolicy<Shape extends z.ZodRawShape>(policy: Policy<Shape>): Policy {
  return policy as unknown as Policy;
}
