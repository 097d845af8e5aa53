const END = '<!-- end of what npm run docs writes -->';

/** The text with the generated part of that name replaced; throws where it has no such part. */
export function fillSection(text: string, name: string, content: string): string {
  const start = `<!-- ${name}: npm run docs writes this -->`;
  const from = text.indexOf(start);
  const to = text.indexOf(END, from);
  if (from === -1 || to === -1) throw new Error(`There is no part "${name}" to write`);
  return `${text.slice(0, from)}${start}\n\n${content.trim()}\n\n${text.slice(to)}`;
}
