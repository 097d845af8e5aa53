import { GatewayError } from '../core/gateway-error.ts';

/** Hints that a translation could not carry over (translation: drop + warning). */
export interface Losses {
  /**
   * Puts down that a field was dropped or changed; `code` says what became of it (`dropped`, `clamped`,
   * `folded`, …). Encoders name a field in the words of their own API or of chat completions; the client
   * is told its path in its own body. Throws 400 where the config is strict.
   */
  drop(code: string, field: string): void;
  /** The 400 for a field whose loss would change the answer's contract, cost or state (translation: reject). */
  refuse(field: string): GatewayError;
  /** As they stand in `x-signalbox-warnings`: `dropped;field=seed`. */
  readonly warnings: readonly string[];
}

/** Collects what one request loses on its way to another dialect. */
export function createLosses(options: {
  isStrict: boolean;
  model: string;
  dialect: string;
  /** The client's own names of the fields that it calls otherwise. */
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

/** A field by the name that an encoder has for it → its path in the bodies of one API. */
export type FieldNames = Readonly<Record<string, string>>;

/** What is inside of a field that has another name keeps its path there: `messages[2]`, `contents[2]`. */
function nameField(field: string, names: FieldNames): string {
  const whole = names[field];
  if (whole !== undefined) return whole;
  const end = field.search(/[[.]/);
  const head = end === -1 ? undefined : names[field.slice(0, end)];
  return head === undefined ? field : head + field.slice(end);
}

/** The 400 for a field, by the name that its client has for it. */
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
