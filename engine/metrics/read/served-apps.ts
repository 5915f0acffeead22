import { listAt, textAt, textsAt } from '../../../protocol/json.ts';
import { groupOf } from '../../../protocol/marathon/deployment-group.ts';

/** Apps by what load balancers call their backends, less the port: of a deployment group all that are in it. */
export type ServedApps = ReadonlyMap<string, readonly string[]>;

/** @param answer `/v2/apps` of Marathon; marathon-lb calls a backend after app, or group, and service port: `shop_web_10000` */
export function servedApps(answer: unknown): ServedApps {
  const apps = new Map<string, string[]>();
  for (const app of listAt(answer, 'apps')) {
    const id = textAt(app, 'id');
    if (id === undefined) continue;
    const name = (groupOf(textsAt(app, 'labels')) ?? id.slice(1)).replaceAll('/', '_');
    const known = apps.get(name);
    if (known === undefined) apps.set(name, [id]);
    else known.push(id);
  }
  return apps;
}

/** The apps that a backend is of; none of what is something else. */
export const appsBehind = (apps: ServedApps, proxy: string): readonly string[] =>
  apps.get(proxy.replace(/_\d+$/, '')) ?? [];
