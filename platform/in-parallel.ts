/** How many machines are asked at the same time: each takes processes and connections of this one. */
const mostAtOnce = 16;

/**
 * Does the same with each item, so many at a time, and returns when all have come to an end.
 * @returns the results in the order of the items
 * @throws the first error, in that order, after all have ended
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  action: (item: Item) => Promise<Result>,
  limit = mostAtOnce,
): Promise<readonly Result[]> {
  const ends = await allSettled(items, action, limit);
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
}

/** The same; an item that fails has its error in its place. */
async function allSettled<Item, Result>(
  items: readonly Item[],
  action: (item: Item) => Promise<Result>,
  limit = mostAtOnce,
): Promise<readonly PromiseSettledResult<Result>[]> {
  const ends = new Array<PromiseSettledResult<Result>>(items.length);
  const waiting = items.entries();
  const work = async () => {
    for (const [index, item] of waiting) {
      try {
        ends[index] = { status: 'fulfilled', value: await action(item) };
      } catch (reason) {
        ends[index] = { status: 'rejected', reason };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return ends;
}
