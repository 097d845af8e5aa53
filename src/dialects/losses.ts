import { GatewayError } from '../core/gateway-error.ts';

/** Hints that a translation could not carry over (translation: drop + warning). */
export interface Losses {
  /**
   * Puts down that a field was dropped or changed; `code` says what became of it (`dropped`, `clamped`,
   * `folded`, …), `field` is its path in the client's own body. Throws 400 where the config is strict.
   */
  drop(code: string, field: string): void;
  /** As they stand in `x-signalbox-warnings`: `dropped;field=seed`. */
  readonly warnings: readonly string[];
}

/** Collects what one request loses on its way to another dialect. */
export function createLosses(options: {
  isStrict: boolean;
  model: string;
  dialect: string;
}): Losses {
  const warnings: string[] = [];
  return {
    drop(code, field) {
      if (options.isStrict) throw unsupported(field, options);
      const warning = `${code};field=${field}`;
      if (!warnings.includes(warning)) warnings.push(warning);
    },
    warnings,
  };
}

/** The refusal of what would change the answer's contract, cost or state (translation: reject). */
export function unsupported(
  field: string,
  { model, dialect }: { model: string; dialect: string },
): GatewayError {
  return new GatewayError(
    'unsupported_parameter',
    `\`${field}\` is not supported when \`${model}\` is served by ${dialect}.`,
    { param: field },
  );
}

/** The refusal of what only the client's own API can do; translation is never to that. */
export function onlyNativeTo(api: string, field: string): GatewayError {
  return new GatewayError(
    'unsupported_parameter',
    `\`${field}\` is not supported when the model is served by another API than ${api}.`,
    { param: field },
  );
}
