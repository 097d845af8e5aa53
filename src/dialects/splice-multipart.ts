import type { Span } from './scan-json.ts';

/** A part's headers are a name and a type. */
const MAX_HEAD_BYTES = 16 * 1024;
const HEAD_END = Buffer.from('\r\n\r\n');

/** https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1; a search for a long one can take minutes. */
const MAX_BOUNDARY_LENGTH = 70;

/** The boundary that a multipart content type names. */
export function multipartBoundary(contentType: string): string | undefined {
  const match = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  return boundary !== undefined && boundary.length <= MAX_BOUNDARY_LENGTH ? boundary : undefined;
}

/**
 * The values of all text fields of that name (not of files), in order. RFC 7578. The bytes of a value can be
 * replaced in place, since multipart bodies hold no lengths.
 */
export function findMultipartFields(body: Buffer, boundary: string, name: string): Span[] {
  const delimiter = Buffer.from(`--${boundary}`);
  const fields: Span[] = [];
  let at = body.indexOf(delimiter);
  while (at !== -1) {
    const headStart = at + delimiter.length;
    const next = findDelimiter(body, delimiter, headStart);
    const headEnd = body.indexOf(HEAD_END, headStart);
    if (next === -1 || headEnd === -1 || headEnd > next) break;
    const isHead = headEnd - headStart <= MAX_HEAD_BYTES;
    if (isHead && isField(body.toString('utf8', headStart, headEnd), name)) {
      fields.push({ start: headEnd + HEAD_END.length, end: next });
    }
    at = next + 2;
  }
  return fields;
}

/** Index of the CRLF before the next delimiter. */
function findDelimiter(body: Buffer, delimiter: Buffer, from: number): number {
  return body.indexOf(Buffer.concat([Buffer.from('\r\n'), delimiter]), from);
}

function isField(head: string, name: string): boolean {
  const disposition = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? '';
  if (/;\s*filename\*?=/i.test(disposition)) return false;
  const match = /;\s*name=(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))/i.exec(disposition);
  return (match?.[1] ?? match?.[2]) === name;
}
