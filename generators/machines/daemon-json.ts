import type { Plan } from '../../planning/plan/plan.ts';

/** What an Engine of a machine has to be told to follow the spec. */
export interface EngineSettings {
  readonly mirrors: readonly string[];
  readonly insecureRegistries: readonly string[];
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

/** Values of an argument of dockerd, of which the plan writes `--name=value`. */
function engineArgument(plan: Plan, name: string): readonly string[] {
  const prefix = `--${name}=`;
  return plan.engine.arguments.filter((it) => it.startsWith(prefix)).map((it) => it.slice(prefix.length));
}

/** The machines of a lab reach each other directly. */
function withNodes({ nodes }: Plan, noProxy: string): string {
  return [...new Set([...noProxy.split(','), ...nodes.flatMap(({ address }) => address ?? [])])].join(',');
}

/**
 * What the agents' own Engines get as arguments and environment, for the Engine of a machine: mirrors, registries
 * without TLS, the proxy. Empty texts and lists where the spec says nothing.
 */
export function engineSettings(plan: Plan): EngineSettings {
  const proxy = (name: string) => plan.engine.proxy.find((setting) => setting.name.toUpperCase() === name)?.value ?? '';
  // The registries of a lab on one host are in its own network, which the Engine of the machine is not part of.
  const reachesRegistries = plan.placement === 'machines';
  const own = plan.registryMirror === undefined ? [] : [plan.registryMirror];
  const noProxy = proxy('NO_PROXY');
  return {
    mirrors: reachesRegistries ? engineArgument(plan, 'registry-mirror') : own,
    insecureRegistries: reachesRegistries
      ? engineArgument(plan, 'insecure-registry')
      : own.filter((url) => url.startsWith('http://')).map((url) => url.replace(/^http:\/\/([^/]*).*$/, '$1')),
    httpProxy: proxy('HTTP_PROXY'),
    httpsProxy: proxy('HTTPS_PROXY'),
    noProxy: noProxy && withNodes(plan, noProxy),
  };
}

/**
 * The settings as keys of /etc/docker/daemon.json (docs.docker.com, dockerd reference; `proxies` since Engine 23).
 * Empty when there is nothing to set.
 */
export function daemonKeys(plan: Plan): Readonly<Record<string, unknown>> {
  const { mirrors, insecureRegistries, httpProxy, httpsProxy, noProxy } = engineSettings(plan);
  const proxies = {
    ...(httpProxy && { 'http-proxy': httpProxy }),
    ...(httpsProxy && { 'https-proxy': httpsProxy }),
    ...(noProxy && { 'no-proxy': noProxy }),
  };
  return {
    ...(mirrors.length > 0 && { 'registry-mirrors': mirrors }),
    ...(insecureRegistries.length > 0 && { 'insecure-registries': insecureRegistries }),
    ...(Object.keys(proxies).length > 0 && { proxies }),
  };
}
