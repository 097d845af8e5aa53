/** A value for each variable that a config names; a URL can stand wherever text can. */
export function fakeEnvironment(config: string): Record<string, string> {
  return Object.fromEntries(
    [...config.matchAll(/os\.environ\/(\w+)/g)].map(([, name = '']) => [
      name,
      `https://${name.toLowerCase().replaceAll('_', '-')}.example`,
    ]),
  );
}
