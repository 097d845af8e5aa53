import { isObject, parseObject } from '../dialects/json-object.ts';

/** What an upstream's error body says, in any dialect; null where it says nothing readable. */
export function readErrorMessage(body: Buffer): string | null {
  const { error, message } = parseObject(body);
  const said = isObject(error) ? error['message'] : (error ?? message);
  return typeof said === 'string' && said !== '' ? said : null;
}
