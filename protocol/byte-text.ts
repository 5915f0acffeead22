const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** As stout writes bytes (3rdparty/stout/include/stout/bytes.hpp): in the largest unit that needs no fraction. */
export function byteText(count: number): string {
  const exponent = [4, 3, 2, 1, 0].find((each) => count % 1024 ** each === 0 && count > 0) ?? 0;
  return `${count / 1024 ** exponent}${units[exponent] ?? ''}`;
}
