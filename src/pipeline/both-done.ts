/** Resolves when both are done; returns nothing to await if neither is pending. */
export function bothDone(
  first: void | Promise<void>,
  second: void | Promise<void>,
): void | Promise<void> {
  return second instanceof Promise ? Promise.all([first, second]).then(() => {}) : first;
}
