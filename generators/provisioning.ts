import type { Plan } from '../spec/plan.ts';
import render from '../templates/provision.sh.ejs';
import type { GeneratedFile } from './generated-file.ts';
import { quoteShell } from './quote-shell.ts';

interface ProxySettings {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

/** The proxy of the plan; all empty without one. apt.conf has no escapes, so a quote in a URL could end it early. */
function proxySettings(plan: Plan): ProxySettings {
  const value = (name: string): string => {
    const found = plan.engine.proxy.find((setting) => setting.name.toUpperCase() === name)?.value ?? '';
    if (/[\s"\\]/.test(found)) throw new Error(`${name} has a character that apt.conf cannot hold: ${found}`);
    return found;
  };
  return { httpProxy: value('HTTP_PROXY'), httpsProxy: value('HTTPS_PROXY'), noProxy: value('NO_PROXY') };
}

/** Values of an argument of dockerd, of which the plan writes `--name=value`. */
function engineArgument(plan: Plan, name: string): readonly string[] {
  const prefix = `--${name}=`;
  return plan.engine.arguments.filter((it) => it.startsWith(prefix)).map((it) => it.slice(prefix.length));
}

/**
 * /etc/docker/daemon.json: what the agents' own engines get as arguments on one host, for an Engine of a machine.
 * Keys: docs.docker.com, dockerd reference; `proxies` since Engine 23.
 */
function daemonJson(plan: Plan, { httpProxy, httpsProxy, noProxy }: ProxySettings): string {
  const mirrors = engineArgument(plan, 'registry-mirror');
  const insecure = engineArgument(plan, 'insecure-registry');
  const proxies = {
    ...(httpProxy && { 'http-proxy': httpProxy }),
    ...(httpsProxy && { 'https-proxy': httpsProxy }),
    ...(noProxy && { 'no-proxy': noProxy }),
  };
  const daemon = {
    // Tasks log for as long as they run: without a limit they fill the disk.
    'log-driver': 'json-file',
    'log-opts': { 'max-size': '10m', 'max-file': '3' },
    ...(mirrors.length > 0 && { 'registry-mirrors': mirrors }),
    ...(insecure.length > 0 && { 'insecure-registries': insecure }),
    ...(Object.keys(proxies).length > 0 && { proxies }),
  };
  return JSON.stringify(daemon, null, 2);
}

/** `28.` stays; `28` becomes `28.`, and `28.5.1` becomes `28.5.1-`, so that neither also means 280 or 28.5.10. */
function versionPrefix(version: string): string {
  if (!/^\d+(\.\d+){0,2}\.?$/.test(version)) throw new Error(`not the start of a Docker version: ${version}`);
  if (version.endsWith('.')) return version;
  return version.split('.').length === 3 ? `${version}-` : `${version}.`;
}

/**
 * The script that a virtual machine runs: installs Docker, and starts the machine's Compose project.
 * @param plan a plan with `vagrant`
 * @throws {Error} when it has none, or values the spec checks should have refused: bugs, not the user's mistakes
 */
export function provisioning(plan: Plan): GeneratedFile {
  if (!plan.vagrant) throw new Error('the plan has no virtual machines');
  const proxy = proxySettings(plan);
  const content = render(
    {
      ...proxy,
      dockerVersionPrefix: versionPrefix(plan.vagrant.dockerVersion),
      cgroupV1: plan.vagrant.cgroupV1,
      daemonJson: daemonJson(plan, proxy),
      profiles: plan.addons.join(','),
    },
    quoteShell,
  );
  return { path: 'provision/provision.sh', content, executable: true };
}
