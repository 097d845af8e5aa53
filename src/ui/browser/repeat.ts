/** Takes a turn at once and again after each pause, while the page is seen; returns what ends it. */
export function repeat(
  turn: (isWanted: () => boolean) => Promise<void>,
  everyMs: number,
): () => void {
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const next = async () => {
    if (!document.hidden) await turn(() => !isOver);
    if (!isOver && everyMs > 0) timer = setTimeout(next, everyMs);
  };
  void next();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
