import { change } from '../../requests.ts';

/** A pod has containers; what has apps or groups is a group. A list is of apps. */
function pathFor(json: string): string {
  const value = JSON.parse(json) as Readonly<Record<string, unknown>> | null;
  if (Array.isArray(value?.['containers'])) return '/v2/pods';
  return Array.isArray(value?.['apps']) || Array.isArray(value?.['groups']) ? '/v2/groups' : '/v2/apps';
}

/** Makes what a JSON says. @throws Refused, Error */
export const create = (json: string, isForced: boolean): Promise<void> => change('POST', pathFor(json), json, isForced);
