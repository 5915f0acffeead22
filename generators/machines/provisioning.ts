import type { Plan } from '../../planning/plan/plan.ts';
import render from '../../templates/provision.sh.ejs';
import { daemonKeys, engineSettings } from './daemon-json.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { quoteShell } from '../text/quote-shell.ts';
import { toolLabel } from '../../protocol/lab-labels.ts';

/** apt.conf has no escapes, so a quote in a URL could end it early. */
function aptSafe(name: string, value: string): string {
  if (/[\s"\\]/.test(value)) throw new Error(`${name} has a character that apt.conf cannot hold: ${value}`);
  return value;
}

/** /etc/docker/daemon.json of a virtual machine. */
function daemonJson(plan: Plan): string {
  const daemon = {
    // Tasks log for as long as they run: without a limit they fill the disk.
    'log-driver': 'json-file',
    'log-opts': { 'max-size': '10m', 'max-file': '3' },
    ...daemonKeys(plan),
  };
  return JSON.stringify(daemon, null, 2);
}

/** `28.` stays; `28` becomes `28.`, and `28.5.1` becomes `28.5.1-`, so that neither also means 280 or 28.5.10. */
function versionPrefix(version: string): string {
  if (!/^\d+(\.\d+){0,2}\.?$/.test(version)) throw new Error(`not the start of a Docker version: ${version}`);
  if (version.endsWith('.')) return version;
  return version.split('.').length === 3 ? `${version}-` : `${version}.`;
}

/** How the machines build the image that is in no registry, where the lab has one: all of its parts are in one image. */
function imageBuild({ nodes }: Plan) {
  const images = nodes.flatMap(({ components }) => components.map(({ image }) => image));
  const image = images.find(({ build }) => build !== undefined);
  if (image?.build === undefined) return undefined;
  const { reference, platform, build } = image;
  const args = Object.entries(build.args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  return {
    reference,
    context: build.context,
    dockerfile: build.dockerfile,
    options: [...(platform === undefined ? [] : ['--platform', platform]), ...args],
    arguments: JSON.stringify(build.args),
    labelFormat: `{{index .Config.Labels "${toolLabel}"}}`,
  };
}

/**
 * The script that a virtual machine runs: installs Docker, and starts the machine's Compose project.
 * @param plan a plan with `vagrant`
 * @throws {Error} when it has none, or values the spec checks should have refused: bugs, not the user's mistakes
 */
export function provisioning(plan: Plan): GeneratedFile {
  if (!plan.vagrant) throw new Error('the plan has no virtual machines');
  const { httpProxy, httpsProxy, noProxy } = engineSettings(plan);
  const content = render(
    {
      httpProxy: aptSafe('HTTP_PROXY', httpProxy),
      httpsProxy: aptSafe('HTTPS_PROXY', httpsProxy),
      noProxy,
      dockerVersionPrefix: versionPrefix(plan.vagrant.dockerVersion),
      cgroupV1: plan.vagrant.cgroupV1,
      daemonJson: daemonJson(plan),
      profiles: plan.addons.join(','),
      build: imageBuild(plan),
      quote: quoteShell,
    },
    quoteShell,
  );
  return { path: 'provision/provision.sh', content, executable: true };
}
