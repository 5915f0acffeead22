import { describe, expect, it } from 'vitest';
import { isNewerVersion } from '../../lab/versions.ts';

describe('versions', () => {
  it('are ordered as semver.org does', () => {
    const ascending = ['0.9.0', '1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', '1.0.0-beta.2', '1.0.0-beta.11'];
    const all = [...ascending, '1.0.0-rc.1', '1.0.0', '1.9.0', '1.10.0', '2.0.0-x-y', '2.0.0'];
    for (const [index, version] of all.entries()) {
      for (const [otherIndex, other] of all.entries()) {
        expect(isNewerVersion(version, other), `${version} after ${other}`).toBe(index > otherIndex);
      }
    }
  });

  it('are the same whatever the build', () => {
    expect(isNewerVersion('1.0.0+b', '1.0.0+a')).toBe(false);
  });
});
