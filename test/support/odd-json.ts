import fc from 'fast-check';

/** White space that JSON allows between its tokens. */
export function space(): fc.Arbitrary<string> {
  return fc.constantFrom('', ' ', '\n', '\t\r\n ');
}

/** Any number as somebody may write it; a parse and stringify would change most of them. */
const oddNumber = fc.oneof(
  fc.constantFrom('0', '-0', '1.0', '1e400', '12345678901234567890', '0.10', '1E+2', '-1e-7'),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
);

/** Any string, with escapes that were not needed, and with text that looks like members. */
const oddString = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
  fc.constantFrom(
    '"\\u0041\\/\\"model\\":1"',
    '"{\\"model\\":\\"x\\"}"',
    '"\\\\"',
    '"😀é"',
    '"\\ud800"',
  ),
);

const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('null', 'true', 'false', '{}', '[ ]'),
    oddNumber,
    oddString,
    fc
      .tuple(fc.array(tie('value'), { maxLength: 4 }), space())
      .map(([items, gap]) =>
        items.length === 0 ? '[]' : `[${gap}${items.join(`${gap},${gap}`)}${gap}]`,
      ),
    fc
      .tuple(fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 4 }), space())
      .map(writeObject),
  ),
}));

/** The text of any JSON value, oddly spelled. */
const oddJson: fc.Arbitrary<string> = value;

/** Members of an object, keys decoded and values as text; duplicates happen. */
export function oddMembers(...reserved: string[]): fc.Arbitrary<[key: string, text: string][]> {
  const key = fc
    .oneof(fc.string(), fc.constantFrom('input', 'messages', 'extra'))
    .filter((name) => !reserved.includes(name));
  return fc.array(fc.tuple(key, oddJson), { maxLength: 6 });
}

/** The text of an object with these members and this white space around each token. */
export function writeObject([members, gap]: [
  members: (readonly [key: string, text: string])[],
  gap: string,
]): string {
  const written = members.map(([key, text]) => `${JSON.stringify(key)}${gap}:${gap}${text}`);
  return `{${gap}${written.join(`${gap},${gap}`)}${gap}}`;
}
