import { createTextMeasure } from './measure-text.ts';
import { mayBeForeignState } from './reasoning-envelope.ts';
import { type ScannedObject, scanJson } from './scan-json.ts';

/** A request's members, and what was seen of its strings on the way to its end. */
export interface ScannedRequest extends ScannedObject {
  /** What `measureText` says of it. */
  textBytes: number;
  /** It may hold reasoning of a provider that speaks another dialect. */
  mayHoldForeignState: boolean;
}

/**
 * Scans a request, which must be one JSON object; throws JsonScanError. Agents send up to a megabyte with
 * each call, so what is to be known of its strings is found out in the one walk that looks for its end.
 */
export function scanRequest(json: Buffer): ScannedRequest {
  const text = createTextMeasure(json);
  let mayHoldForeignState = false;
  const { span, members } = scanJson(json, {
    key: text.key,
    value(start, end) {
      text.value(start, end);
      if (mayBeForeignState(json, start)) mayHoldForeignState = true;
    },
  });
  return { span, members, textBytes: text.bytes(), mayHoldForeignState };
}
