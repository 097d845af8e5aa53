/** What is under way, each item at a place of its own. */
export interface Roster<Item> {
  /** Returns the place by which the item is removed. */
  add(item: Item): number;
  /** Once for each place that was given out. */
  remove(place: number): void;
  size(): number;
  items(): Item[];
}

/**
 * A roster without items. A Set would do, were it not that V8 gives it a new table after so many changes,
 * and that the old one goes on holding what it held, and the next table: a chain that lasts until the
 * whole heap is collected. With the calls of a busy proxy in one, 64 at once, collections took five times as
 * long on Node 20.
 */
export function createRoster<Item>(): Roster<Item> {
  const places: (Item | undefined)[] = [];
  const free: number[] = [];
  return {
    add(item) {
      const place = free.pop() ?? places.length;
      places[place] = item;
      return place;
    },
    remove(place) {
      places[place] = undefined;
      free.push(place);
    },
    size: () => places.length - free.length,
    items: () => places.filter((item) => item !== undefined),
  };
}
