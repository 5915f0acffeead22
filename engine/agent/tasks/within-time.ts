/** Waits for something, but no longer than for a time; resolves with whether it came. */
export async function withinTime(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  const hasCome = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return hasCome;
}
