import { expect, it } from 'vitest';
import { runFake, temporaryFolder } from '../fake-context.ts';

it.each([
  [['--since', 'yesterday'], '--since: error', 'such as 90s, 10m, 1h30m or 2d', 'For the last ten minutes: 10m'],
  [['--grep', '(['], '--grep: error', 'a regular expression of JavaScript', 'It is none: /([/: Unterminated'],
  [['--tail', 'all'], '--tail: error', 'a whole number, such as 3', 'Write digits only'],
])('logs refuses %o, with what is allowed and the fix', async (flags, place, allowed, fix) => {
  const { exitCode, stderr } = await runFake(['logs', ...flags], { cwd: temporaryFolder() });
  expect(exitCode).toBe(2);
  for (const text of [place, flags[1] ?? '', allowed, fix]) expect(stderr).toContain(text);
});
