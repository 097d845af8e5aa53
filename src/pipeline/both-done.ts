/** When both are done: at once, unless one of them takes its time. */
export function bothDone(
  first: void | Promise<void>,
  second: void | Promise<void>,
): void | Promise<void> {
  return second instanceof Promise ? Promise.all([first, second]).then(() => {}) : first;
}
