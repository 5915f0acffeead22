import { describe, expect, it } from 'vitest';
import { glogTimeOf, isoTimeOf } from '../../protocol/log-time.ts';

const noon = Date.UTC(2026, 10, 30, 12);

describe('the time of a line', () => {
  it('is read as the embedded runtime writes it', () => {
    expect(isoTimeOf('2026-11-30T05:47:02.123Z Registered agent')).toBe(Date.UTC(2026, 10, 30, 5, 47, 2, 123));
    for (const line of ['Registered agent', '2026-11-30 05:47:02 x', '2026-11-99T05:47:02Z x', '']) {
      expect(isoTimeOf(line)).toBeUndefined();
    }
  });

  it('is read as Mesos writes it, in the newest year that it can be of', () => {
    const line = 'I1130 05:47:02.123456     7 master.cpp:1] Elected';
    expect(glogTimeOf(line, noon)).toBe(Date.UTC(2026, 10, 30, 5, 47, 2, 123));
    expect(glogTimeOf('W1231 23:00:00.000000     7 x.cpp:1] y', noon)).toBe(Date.UTC(2025, 11, 31, 23));
    // In zones ahead of UTC it is tomorrow already.
    expect(glogTimeOf('I1130 14:00:00.000000     7 x.cpp:1] y', noon)).toBe(Date.UTC(2026, 10, 30, 14));
    expect(glogTimeOf('    @ 0x7f0 std::terminate()', noon)).toBeUndefined();
  });
});
