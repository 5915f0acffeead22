interface Version {
  readonly numbers: readonly number[];
  readonly preRelease: string;
}

function parseVersion(text: string): Version {
  const [release = '', ...preRelease] = (text.split('+')[0] ?? '').split('-');
  return { numbers: release.split('.').map(Number), preRelease: preRelease.join('-') };
}

/** Negative, zero or positive, as identifiers of a pre-release are ordered: numbers by value and before words. */
function comparePreReleases(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? 1 : -1;
  const left = a.split('.');
  const right = b.split('.');
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const [one = '', other = ''] = [left[index], right[index]];
    if (one === other) continue;
    const [isNumber, isOtherNumber] = [/^[0-9]+$/.test(one), /^[0-9]+$/.test(other)];
    if (isNumber && isOtherNumber) return Number(one) - Number(other);
    if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
    return one < other ? -1 : 1;
  }
  return left.length - right.length;
}

/** Whether version `a` comes after version `b`, by the rules of semver.org (build metadata does not count). */
export function isNewerVersion(a: string, b: string): boolean {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (left.numbers[index] ?? 0) - (right.numbers[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return comparePreReleases(left.preRelease, right.preRelease) > 0;
}
