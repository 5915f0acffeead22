import { UserError } from '../../errors/user-error.ts';
import { listAt, textAt } from '../../protocol/json.ts';
import { appPath } from '../../protocol/marathon/app-id.ts';
import type { MarathonClient } from '../apps/marathon-client.ts';
import type { RunningApp } from './running-app.ts';

/**
 * The version of an app to go back to: the one that is asked for, or the newest with another definition; versions that
 * differ in the number of instances alone are of one definition (`versionInfo.lastConfigChangeAt` of Marathon).
 * @throws UserError USAGE_UNKNOWN_NAME when there is none, with those that are there
 */
export async function formerVersion(
  { ask }: MarathonClient,
  app: RunningApp,
  wanted: string | undefined,
): Promise<string> {
  const { json } = await ask('GET', `${appPath(app.id)}/versions`);
  const versions = listAt(json, 'versions').filter((each) => typeof each === 'string');
  const newest = versions.toSorted((a, b) => Date.parse(b) - Date.parse(a));
  const others = newest.filter((each) => Date.parse(each) !== Date.parse(app.version));
  const changedAt = Date.parse(textAt(app.answer, 'versionInfo', 'lastConfigChangeAt') ?? app.version);
  const found = others.find((each) =>
    wanted === undefined ? Date.parse(each) < changedAt : Date.parse(each) === Date.parse(wanted),
  );
  if (found !== undefined) return found;
  const names = others.length === 0 ? 'none but the one that runs' : others.join(', ');
  const isRunning = wanted !== undefined && Date.parse(wanted) === Date.parse(app.version);
  const message =
    wanted === undefined
      ? `${app.id} has no version with another definition to go back to`
      : isRunning
        ? `${app.id} runs with the version ${wanted} already`
        : `${app.id} has no version ${wanted}`;
  throw new UserError({
    code: 'USAGE_UNKNOWN_NAME',
    message,
    ...(wanted === undefined ? {} : { place: { kind: 'flag', flag: '--to' } }),
    found: wanted ?? app.version,
    allowed: names,
    fix:
      others.length === 0
        ? 'deploy the file of the version that you want'
        : `create-mesos-cluster rollback ${app.id} --to ${others[0] ?? ''}`,
  });
}
