import { describe, expect, it } from 'vitest';
import type { MarathonClient } from '../../../cli/apps/marathon-client.ts';
import { formerVersion } from '../../../cli/strategies/former-version.ts';
import type { RunningApp } from '../../../cli/strategies/running-app.ts';

const day = (number: number) => `2026-01-0${number}T00:00:00.000Z`;
const app: RunningApp = {
  ...{ id: '/web', version: day(4), instances: 2, labels: {}, servicePort: 0, tasks: [], isDeploying: false },
  answer: { versionInfo: { lastConfigChangeAt: day(3) } },
};
const versions =
  (...all: readonly string[]): MarathonClient['ask'] =>
  () =>
    Promise.resolve({ url: '', status: 200, headers: {}, text: '', json: { versions: all } });
const marathon = { ask: versions(day(4), day(3), day(2), day(1)) };

describe('the version to go back to', () => {
  it('is the newest with another definition, not a scaling of this one', async () => {
    expect(await formerVersion(marathon, app, undefined)).toBe(day(2));
  });

  it('is the one that is asked for, however its time is written', async () => {
    expect(await formerVersion(marathon, app, '2026-01-01T01:00:00+01:00')).toBe(day(1));
  });

  it.each([
    [day(9), `/web has no version ${day(9)}`],
    ['soon', '/web has no version soon'],
    [day(4), `/web runs with the version ${day(4)} already`],
  ])('is not one that is not there: %s', async (wanted, message) => {
    await expect(formerVersion(marathon, app, wanted)).rejects.toMatchObject({
      problems: [{ code: 'USAGE_UNKNOWN_NAME', message, allowed: `${day(3)}, ${day(2)}, ${day(1)}` }],
    });
  });

  it('is missing where there has been one definition alone', async () => {
    await expect(formerVersion({ ask: versions(day(4), day(3)) }, app, undefined)).rejects.toMatchObject({
      problems: [{ message: '/web has no version with another definition to go back to', allowed: day(3) }],
    });
  });
});
