import { createTextMeasure } from './measure-text.ts';
import { mayBeForeignState } from './reasoning-envelope.ts';
import { type ScannedObject, scanJson } from './scan-json.ts';

/** The members of a request, and facts about its strings that were gathered in the same walk. */
export interface ScannedRequest extends ScannedObject {
  /** The same figure as `measureText` gives. */
  textBytes: number;
  /** It may hold reasoning of a provider that speaks another dialect. */
  mayHoldForeignState: boolean;
}

/**
 * Scans a request, which must be one JSON object; throws JsonScanError. Agents send up to a megabyte with each
 * call, so all facts about its strings are gathered in the one walk that checks its structure.
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
