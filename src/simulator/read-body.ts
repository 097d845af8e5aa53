import type { IncomingMessage } from 'node:http';
import { asObject, type JsonObject } from './json-object.ts';
import { SimulatorError } from './simulator-error.ts';

/** A file of a form. */
export interface UploadedFile {
  field: string;
  name: string;
  bytes: Buffer;
}

/** A request's body: a JSON object, or the text fields and files of a form. */
export interface RequestBody {
  fields: JsonObject;
  files: UploadedFile[];
}

/** Far above the limits of providers, so that a proxy's own limits apply first. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;

/** Reads a body to its end; throws a 400 if it is malformed, a 413 if it is over 256 MiB. */
export async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new SimulatorError(413, 'The request is too large.');
  }
  const body = Buffer.concat(chunks, bytes);
  const type = request.headers['content-type'] ?? '';
  if (/^multipart\/form-data/i.test(type)) return readForm(body, type);
  return { fields: parseObject(body.toString('utf8')), files: [] };
}

function parseObject(text: string): JsonObject {
  try {
    return asObject(JSON.parse(text));
  } catch {
    throw new SimulatorError(400, 'We could not parse the JSON body of your request.');
  }
}

async function readForm(body: Buffer, type: string): Promise<RequestBody> {
  const form = await parseForm(body, type);
  const fields: JsonObject = {};
  const files: UploadedFile[] = [];
  for (const [field, value] of form) {
    if (typeof value === 'string') fields[field] = value;
    else files.push({ field, name: value.name, bytes: Buffer.from(await value.arrayBuffer()) });
  }
  return { fields, files };
}

/** Node's own fetch reads forms: https://developer.mozilla.org/docs/Web/API/Response/formData */
async function parseForm(body: Buffer, type: string): Promise<FormData> {
  try {
    return await new Response(body, { headers: { 'content-type': type } }).formData();
  } catch {
    throw new SimulatorError(400, 'We could not parse the form of your request.');
  }
}
