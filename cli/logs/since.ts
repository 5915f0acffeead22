const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const isUnit = (text: string): text is keyof typeof unitMs => Object.hasOwn(unitMs, text);

/**
 * The moment that `--since` means, in milliseconds since 1970: `90s`, `10m`, `1h30m` or `2d` before now, or a time as
 * `2026-11-30T05:47:00Z`, without a zone that of this machine.
 * @returns undefined when it is none
 */
export function sinceTime(text: string, now: number): number | undefined {
  if (/^(?:\d{1,6}[smhd])+$/.test(text)) {
    const parts = [...text.matchAll(/(\d+)([smhd])/g)];
    return now - parts.reduce((sum, [, n, unit = '']) => sum + Number(n) * (isUnit(unit) ? unitMs[unit] : 0), 0);
  }
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
