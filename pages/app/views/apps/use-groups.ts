import { useEffect, useState } from 'preact/hooks';
import { listAt, textAt } from '../../../../protocol/json.ts';
import { get } from '../../requests.ts';

/**
 * What no app says: groups that are empty, and what groups depend on, by id with a slash at the end.
 * @param changed groups are asked for again when this is another one
 */
export function useGroups(changed: unknown): ReadonlyMap<string, readonly string[]> {
  const [groups, setGroups] = useState<ReadonlyMap<string, readonly string[]>>(new Map());
  useEffect(() => {
    get('/page/marathon/v2/groups?embed=group.groups').then(
      (root) => {
        setGroups(new Map(readGroups(root)));
      },
      // The groups of the apps are known all the same.
      () => undefined,
    );
  }, [changed]);
  return groups;
}

function readGroups(group: unknown): readonly (readonly [string, readonly string[]])[] {
  const id = textAt(group, 'id') ?? '/';
  const dependencies = listAt(group, 'dependencies').filter((each) => typeof each === 'string');
  return [[id === '/' ? '/' : `${id}/`, dependencies], ...listAt(group, 'groups').flatMap(readGroups)];
}
