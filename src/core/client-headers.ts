/** Request headers with lower-case names, as node:http gives them. */
export type ClientHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** A header's value; the first one where it was sent more than once. */
export function readHeader(headers: ClientHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
