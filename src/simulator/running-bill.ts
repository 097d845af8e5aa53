import { addUsage, createTokenUsage, type TokenUsage } from '../core/token-usage.ts';

/** The charges of a provider. */
export interface Bill {
  requests: number;
  byModel: Record<string, { requests: number; usage: TokenUsage }>;
}

/** A bill that charges are added to. */
export interface RunningBill {
  charge(model: string, usage: TokenUsage): void;
  /** The bill so far, as a copy. */
  total(): Bill;
}

/** A bill with nothing on it. */
export function createRunningBill(): RunningBill {
  const byModel = new Map<string, { requests: number; usage: TokenUsage }>();
  return {
    charge(model, usage) {
      const line = byModel.get(model) ?? { requests: 0, usage: createTokenUsage() };
      line.requests += 1;
      addUsage(line.usage, usage);
      byModel.set(model, line);
    },
    total() {
      const lines = [...byModel.values()];
      return {
        requests: lines.reduce((sum, { requests }) => sum + requests, 0),
        byModel: structuredClone(Object.fromEntries(byModel)),
      };
    },
  };
}
