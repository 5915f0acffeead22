import type { App } from '../../../protocol/marathon.ts';
import { ApiError } from '../marathon-error.ts';

type Unversioned = Omit<App, 'version' | 'versionInfo'>;

/** The ports that a load balancer would listen on for an app, in the order of its ports. */
export function servicePortsOf(app: Unversioned): readonly number[] {
  if (app.container?.portMappings !== undefined) return app.container.portMappings.map((each) => each.servicePort);
  return (app.portDefinitions ?? []).map((each) => each.port);
}

/**
 * Gives every port that has none a service port: one that the app had before, else the lowest that no app uses
 * (GroupManagerImpl.assignDynamicServicePorts of Marathon). A port that the user asked for is given to him, even if
 * another app has it: so does Marathon.
 * @throws ApiError when none is left
 */
export function assignServicePorts<Definition extends Unversioned>(
  app: Definition,
  others: readonly App[],
  range: { readonly first: number; readonly last: number },
): Definition {
  const asked = new Set(servicePortsOf(app).filter((port) => port !== 0));
  if (asked.size === servicePortsOf(app).length && !servicePortsOf(app).includes(0)) return app;
  const before = others.filter((each) => each.id === app.id).flatMap(servicePortsOf);
  const own = before.filter((port) => !asked.has(port) && port >= range.first && port <= range.last);
  const used = new Set([...others.flatMap(servicePortsOf), ...asked]);
  const next = () => {
    const kept = own.shift();
    if (kept !== undefined) return kept;
    for (let port = range.first; port <= range.last; port += 1) {
      if (used.has(port)) continue;
      used.add(port);
      return port;
    }
    throw new ApiError(500, { message: `All ports in the range ${range.first}-${range.last} are already in use` });
  };
  const { container, portDefinitions } = app;
  return {
    ...app,
    ...(portDefinitions === undefined
      ? {}
      : { portDefinitions: portDefinitions.map((each) => (each.port === 0 ? { ...each, port: next() } : each)) }),
    ...(container?.portMappings === undefined
      ? {}
      : {
          container: {
            ...container,
            portMappings: container.portMappings.map((each) =>
              each.servicePort === 0 ? { ...each, servicePort: next() } : each,
            ),
          },
        }),
  };
}
