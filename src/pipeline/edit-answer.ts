import { dataOf } from '../dialects/data-span.ts';
import {
  findMember,
  findPath,
  isArrayAt,
  isObjectAt,
  isStringAt,
  JsonScanError,
  type Member,
  type ScannedObject,
  scanArray,
  scanJson,
} from '../dialects/scan-json.ts';
import { applySplices, removeMember, type Splice } from '../dialects/splice-json.ts';
import type { StreamEvent, WireFormat } from '../dialects/wire-format.ts';

/** What of an answer must not reach the client as the upstream wrote it. */
export interface AnswerEdits {
  format: WireFormat;
  /** The name to stand in place of the upstream's model (RES-7), or null to leave it. */
  model: string | null;
  /** Remove the usage that the client did not ask for. */
  hidesUsage: boolean;
}

/** True where every byte goes through as it came. */
export function isUntouched(edits: AnswerEdits): boolean {
  return edits.model === null && !edits.hidesUsage;
}

/** A whole answer as the client gets it. */
export function editAnswer(json: Buffer, edits: AnswerEdits): Buffer {
  const object = edits.model === null ? null : tryScan(json);
  return object === null ? json : applySplices(json, modelSplices(json, object, edits));
}

/** One event as the client gets it: as it came, not at all because it is ours alone, or with other bytes. */
export function editEvent(event: StreamEvent, edits: AnswerEdits): 'kept' | 'hidden' | Buffer {
  const data = dataOf(event);
  const mayHoldUsage = edits.hidesUsage && data.includes('"usage"');
  if (edits.model === null && !mayHoldUsage) return 'kept';
  const object = tryScan(data);
  if (object === null) return 'kept';
  const usage = mayHoldUsage ? findMember(object, 'usage') : undefined;
  if (usage && isUsageOnly(data, object, usage)) return 'hidden';
  const splices = modelSplices(data, object, edits);
  if (usage) splices.push(removeMember(object, usage));
  return splices.length === 0 ? 'kept' : replaceData(event, applySplices(data, splices));
}

function modelSplices(json: Buffer, object: ScannedObject, edits: AnswerEdits): Splice[] {
  if (edits.model === null) return [];
  const text = JSON.stringify(edits.model);
  return edits.format.modelPaths.flatMap((path) => {
    const member = findPath(json, object, path);
    return member && isStringAt(json, member.value) ? [{ span: member.value, text }] : [];
  });
}

/**
 * True for the chunk that `include_usage` adds: a report and no choices. In all other chunks it is
 * null, also where they have no choices, as Azure's results of its input filter.
 * https://learn.microsoft.com/azure/ai-services/openai/concepts/content-streaming
 */
function isUsageOnly(data: Buffer, object: ScannedObject, usage: Member): boolean {
  if (!isObjectAt(data, usage.value)) return false;
  const choices = findMember(object, 'choices');
  if (choices === undefined || !isArrayAt(data, choices.value)) return false;
  return scanArray(data, choices.value.start).length === 0;
}

function replaceData(event: StreamEvent, edited: Buffer): Buffer {
  const { bytes, start, end, source, dataStart, dataEnd } = event;
  if (source !== bytes) return replaceLines(bytes.subarray(start, end), edited);
  return Buffer.concat([bytes.subarray(start, dataStart), edited, bytes.subarray(dataEnd, end)]);
}

/** Data of several lines was joined, so that it is no part of the event's bytes. */
function replaceLines(raw: Buffer, edited: Buffer): Buffer {
  const others = raw
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .filter((line) => line !== '' && !line.startsWith('data:'));
  const data = edited
    .toString('utf8')
    .split('\n')
    .map((line) => `data: ${line}`);
  return Buffer.from([...others, ...data, '', ''].join('\n'));
}

function tryScan(json: Buffer): ScannedObject | null {
  try {
    return scanJson(json);
  } catch (error) {
    if (error instanceof JsonScanError) return null;
    throw error;
  }
}
