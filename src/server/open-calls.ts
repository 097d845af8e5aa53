import { GatewayError } from '../core/gateway-error.ts';
import { createRoster } from '../core/roster.ts';

/** One call that is being answered. */
interface OpenCall {
  /** Ends it with an error that its client is told; it settles by itself. */
  cut(error: GatewayError): void;
}

/** The calls that are being answered, so that a shutdown can end them and wait for their ledger lines. */
export interface OpenCalls {
  /** Returns the place by which the call ends. */
  begin(call: OpenCall): number;
  end(place: number): void;
  cutAll(): void;
  /** Resolves when no call is open. */
  settled(): Promise<void>;
}

/** No call is open yet. */
export function createOpenCalls(): OpenCalls {
  const open = createRoster<OpenCall>();
  let waiting: (() => void)[] = [];
  return {
    begin: open.add,
    end(place) {
      open.remove(place);
      if (open.size() > 0 || waiting.length === 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    cutAll() {
      for (const call of open.items()) {
        call.cut(new GatewayError('shutting_down', 'Signalbox is shutting down; try again.'));
      }
    },
    settled: () =>
      open.size() === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
  };
}
