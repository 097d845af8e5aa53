import { GatewayError } from '../core/gateway-error.ts';

/** The hints that one translation could not carry over (translation: drop + warning). */
export interface Losses {
  /**
   * Records that a field was dropped or changed; `code` says how (`dropped`, `clamped`, `folded`, …). Encoders
   * name a field in the words of their own API or of chat completions; the client is told the path in its own
   * body. Throws 400 if the config is strict.
   */
  drop(code: string, field: string): void;
  /** The 400 for a field whose loss would change the answer's contract, cost or state (translation: reject). */
  refuse(field: string): GatewayError;
  /** In the form of `x-signalbox-warnings`: `dropped;field=seed`. */
  readonly warnings: readonly string[];
}

/** Collects what one request loses on its way to another dialect. */
export function createLosses(options: {
  isStrict: boolean;
  model: string;
  dialect: string;
  /** The client's own names for fields that encoders name differently. */
  fieldNames?: FieldNames;
}): Losses {
  const warnings: string[] = [];
  const known = new Set<string>();
  const nameOf = (field: string) => nameField(field, options.fieldNames ?? {});
  const refuse = (field: string) => unsupported(nameOf(field), options);
  return {
    drop(code, field) {
      if (options.isStrict) throw refuse(field);
      const warning = `${code};field=${nameOf(field)}`;
      if (known.has(warning)) return;
      known.add(warning);
      warnings.push(warning);
    },
    refuse,
    warnings,
  };
}

/** The name that an encoder uses for a field → the field's path in the bodies of one API. */
export type FieldNames = Readonly<Record<string, string>>;

/** Translates the first segment and keeps the rest of the path: `messages[2]` becomes `contents[2]`. */
function nameField(field: string, names: FieldNames): string {
  const whole = names[field];
  if (whole !== undefined) return whole;
  const end = field.search(/[[.]/);
  const head = end === -1 ? undefined : names[field.slice(0, end)];
  return head === undefined ? field : head + field.slice(end);
}

/** The 400 for a field that the upstream does not support; `field` is the client's own name. */
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

/** The 400 for what only the client's own API can do; a translation always goes to another API. */
export function onlyNativeTo(api: string, field: string): GatewayError {
  return new GatewayError(
    'unsupported_parameter',
    `\`${field}\` is not supported when the model is served by an API other than ${api}.`,
    { param: field },
  );
}
