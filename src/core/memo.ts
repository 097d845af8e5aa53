/** Makes each value once, by its key. */
export type Memo<Value> = (key: string) => Value;

/**
 * A memo that forgets what has long been unused, so that keys which clients invent cannot fill the
 * memory: it keeps at least the last `size` keys and at most twice as many. Looking up costs one map
 * look-up; a list in the order of use would cost three and garbage, on every call.
 */
export function createMemo<Value>(create: (key: string) => Value, size: number): Memo<Value> {
  let recent = new Map<string, Value>();
  let older = new Map<string, Value>();
  return (key) => {
    const known = recent.get(key);
    if (known !== undefined) return known;
    if (recent.size >= size) {
      older = recent;
      recent = new Map();
    }
    const value = older.get(key) ?? create(key);
    recent.set(key, value);
    return value;
  };
}
