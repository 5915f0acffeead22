/** Whether a version's numbers are not below those of `least`; what stands behind them (`-desktop.1`) does not count. */
export function isAtLeast(version: string, least: string): boolean {
  const numbers = (text: string) => (/\d+(?:\.\d+)*/.exec(text)?.[0] ?? '0').split('.').map(Number);
  const [have, need] = [numbers(version), numbers(least)];
  const index = need.findIndex((number, position) => number !== (have[position] ?? 0));
  return index < 0 || (have[index] ?? 0) > (need[index] ?? 0);
}
