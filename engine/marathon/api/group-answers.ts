import type { App } from '../../../protocol/marathon.ts';
import { jsonAnswer } from '../../http/http-answer.ts';
import { jsonPartsAnswer, listOf, wholeOf } from '../../http/json-parts.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import type { Leader } from '../leadership/leader.ts';
import { unknownGroup } from '../marathon-error.ts';
import { withoutPods, type PodSpec } from '../pods/pod-spec.ts';
import { appView, embedsOf } from './app-view.ts';
import { groupView } from './group-view.ts';
import { podStatus } from './pods/pod-status.ts';

/* What /v2/groups answers to GET (GroupInfoService.scala of Marathon). */

/** @throws ApiError 404 */
export function requireGroup({ shared }: Leader, id: string): void {
  if (shared.apps.group(id) === undefined) throw unknownGroup(id);
}

function embedsIn(request: HttpRequest) {
  const named = request.query.getAll('embed');
  return {
    withApps: named.length === 0 || named.some((each) => each.startsWith('group.apps')),
    withPods: named.length === 0 || named.some((each) => each.startsWith('group.pods')),
    withGroups: named.length === 0 || named.includes('group.groups'),
  };
}

const neverChanged = new Date(0).toISOString();

/** A group as it is. @throws ApiError 404 */
export function showGroup(leader: Leader, request: HttpRequest, id: string) {
  requireGroup(leader, id);
  const { apps: repository } = leader.shared;
  const embed = embedsOf(request.query, 'group.apps');
  const { withApps, withPods, withGroups } = embedsIn(request);
  const tree = { apps: repository.list(id), groups: repository.groups() };
  const newest = () => tree.apps.reduce((latest, { version }) => (version > latest ? version : latest), neverChanged);
  return jsonAnswer(
    200,
    groupView(id, tree, {
      appView: withApps ? (app) => wholeOf(appView(leader, app, embed)) as object : undefined,
      podView: withPods ? (pod) => podStatus(leader, pod) : undefined,
      withGroups,
      version: repository.rootVersion ?? newest(),
    }),
  );
}

/** The apps of a group, however deep. */
export function showApps(leader: Leader, request: HttpRequest, id: string) {
  const embed = embedsOf(request.query, 'group.apps');
  const apps = withoutPods(leader.shared.apps.list(id));
  return jsonPartsAnswer(
    200,
    listOf(apps, (app) => appView(leader, app, embed)),
  );
}

/** The versions in which there was a group. @throws ApiError 404 */
export function showVersions(leader: Leader, id: string) {
  requireGroup(leader, id);
  const known: string[] = [];
  for (const { version, groups } of leader.shared.apps.history()) if (groups.has(id)) known.push(version);
  return jsonAnswer(200, known);
}

/** The tree in a version, if the group was there. */
export function treeOf({ shared }: Leader, id: string, version: string) {
  const wanted = Date.parse(version);
  for (const tree of shared.apps.history()) {
    if (Date.parse(tree.version) === wanted) return tree.groups.has(id) ? tree : undefined;
  }
  return undefined;
}

/** A group as it was. @throws ApiError 404 */
export function showVersion(leader: Leader, request: HttpRequest, id: string, version: string) {
  const tree = treeOf(leader, id, version);
  if (tree === undefined) throw unknownGroup(id);
  const { withApps, withPods, withGroups } = embedsIn(request);
  const options = {
    appView: withApps ? (app: App) => app : undefined,
    podView: withPods ? (pod: PodSpec) => podStatus(leader, pod) : undefined,
    ...{ withGroups, version: tree.version },
  };
  return jsonAnswer(200, groupView(id, { apps: tree.apps.values(), groups: tree.groups.values() }, options));
}
