/** One attribute as OTLP writes it in JSON; 64-bit integers are text there. */
export interface OtlpAttribute {
  key: string;
  value:
    | { stringValue: string }
    | { intValue: string }
    | { doubleValue: number }
    | { boolValue: boolean };
}

/** Numbers are integers unless they say that they are not. */
type Fact = string | number | boolean | { double: number } | undefined;

/** The facts that are known, under their names. */
export function toAttributes(facts: Readonly<Record<string, Fact>>): OtlpAttribute[] {
  return Object.entries(facts).flatMap(([key, fact]) =>
    fact === undefined ? [] : [{ key, value: toValue(fact) }],
  );
}

function toValue(fact: Exclude<Fact, undefined>): OtlpAttribute['value'] {
  if (typeof fact === 'string') return { stringValue: fact };
  if (typeof fact === 'number') return { intValue: String(fact) };
  if (typeof fact === 'boolean') return { boolValue: fact };
  return { doubleValue: fact.double };
}
