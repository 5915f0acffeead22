import type { App } from '../../../protocol/marathon.ts';
import { ApiError } from '../marathon-error.ts';
import { PortUsage } from './port-usage.ts';

type Unversioned = Omit<App, 'version' | 'versionInfo'>;

/** The ports that a load balancer would listen on for an app, in the order of its ports. */
export function servicePortsOf(app: Unversioned): readonly number[] {
  if (app.container?.portMappings !== undefined) return app.container.portMappings.map((each) => each.servicePort);
  return (app.portDefinitions ?? []).map((each) => each.port);
}

interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Service ports in use, and the apps that use them. */
interface PresentPorts {
  readonly usage: PortUsage;
  readonly app: (id: string) => App | undefined;
}

const nothingPresent: PresentPorts = { usage: new PortUsage(), app: () => undefined };

/** Gives apps their service ports, those that it is asked for one after the other with each other in mind. */
export class ServicePorts {
  readonly #range: PortRange;
  readonly #used = new Set<number>();
  readonly #byApp = new Map<string, readonly number[]>();
  readonly #present: PresentPorts;
  /** All below it are in use. */
  #lowest: number;

  /** @param present what is in use already, beside that of `apps` */
  constructor(apps: readonly App[], range: PortRange, present: PresentPorts = nothingPresent) {
    this.#range = range;
    this.#present = present;
    this.#lowest = present.usage.lowestUnused(range.first);
    for (const app of apps) this.#note(app);
  }

  /**
   * Gives every port that has none a service port: one that the app had before, else the lowest that no app uses
   * (GroupManagerImpl.assignDynamicServicePorts of Marathon). A port that the user asked for is given to him, even if
   * another app has it: so does Marathon.
   * @throws ApiError when none is left
   */
  assign<Definition extends Unversioned>(app: Definition): Definition {
    const complete = this.#complete(app);
    this.#note(complete);
    return complete;
  }

  #complete<Definition extends Unversioned>(app: Definition): Definition {
    const { container, portDefinitions } = app;
    const ports = servicePortsOf(app);
    if (!ports.includes(0)) return app;
    const asked = new Set(ports);
    for (const port of asked) this.#used.add(port);
    const { first, last } = this.#range;
    const own = this.#ownPorts(app.id).filter((port) => !asked.has(port) && port >= first && port <= last);
    const next = () => own.shift() ?? this.#unused();
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

  #unused(): number {
    const { first, last } = this.#range;
    while (this.#used.has(this.#lowest) || this.#present.usage.has(this.#lowest)) this.#lowest += 1;
    if (this.#lowest <= last) {
      this.#used.add(this.#lowest);
      return this.#lowest;
    }
    throw new ApiError(500, { message: `All ports in the range ${first}-${last} are already in use` });
  }

  #note(app: Unversioned): void {
    const ports = servicePortsOf(app);
    for (const port of ports) this.#used.add(port);
    this.#byApp.set(app.id, [...this.#ownPorts(app.id), ...ports]);
  }

  /** Those that an app has, or had before this change. */
  #ownPorts(id: string): readonly number[] {
    const before = this.#present.app(id);
    return this.#byApp.get(id) ?? (before === undefined ? [] : servicePortsOf(before));
  }
}
