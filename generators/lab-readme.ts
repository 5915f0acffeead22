import type { Plan, PlannedComponent, PlannedPort } from '../planning/plan/plan.ts';
import type { Addon, VagrantProvider } from '../planning/catalogue/roles.ts';
import { portRange } from '../planning/catalogue/port-range.ts';
import render from '../templates/README.md.ejs';
import { hostsLine } from '../planning/catalogue/hosts-line.ts';
import { firstTaskPort } from './app-definitions.ts';
import type { GeneratedFile } from './generated-file.ts';
import { amd64Roles, foreignDaemonJson, keptWork, registryUse } from './readme-notes.ts';

const providerTitles: Readonly<Record<VagrantProvider, string>> = {
  virtualbox: 'VirtualBox',
  libvirt: 'libvirt',
  parallels: 'Parallels',
  vmware_desktop: 'VMware',
};

const addonTitles: Readonly<Record<Addon, string>> = {
  chronos: 'Chronos (jobs)',
  'mesos-dns': 'Mesos-DNS',
  registry: 'The private registry',
};

/** Longer tables and lines help nobody; `npm run plan` prints everything. */
const mostRows = 60;
const mostHosts = 20;

/** Text in a Markdown table or sentence: nothing of it is markup. */
const quoteMarkdown = (value: unknown): string =>
  String(value).replace(/[\\`*_{}[\]<>|#]/g, (character) => `\\${character}`);

function portText(port: PlannedPort): string {
  return `${port.name} ${portRange(port, port.published ?? port.target)}`;
}

/** What a person can reach: on one host the published ports, on several all of them. */
function portsOf(component: PlannedComponent, plan: Plan): string {
  const shown = component.ports.filter(({ published }) => plan.placement === 'machines' || published !== undefined);
  return shown.map(portText).join(', ');
}

function nodeRows(plan: Plan) {
  const rows = plan.nodes.flatMap(({ name, address, components }) =>
    components.map((component) => ({
      name,
      address: address ?? '',
      role: component.role,
      ports: portsOf(component, plan),
    })),
  );
  return { rows: rows.slice(0, mostRows), more: Math.max(0, rows.length - mostRows) };
}

/** Those of the set lite have no web pages, but answers that a browser can show. */
const pathOf = ({ imageSet }: Plan, path: string): string => (imageSet === 'lite' ? path : '');

function urlRows(plan: Plan) {
  const { urls } = plan;
  const at = (path: string) => (url: string) => `${url}${pathOf(plan, path)}`;
  const rows = (what: string, shows: string, found: readonly string[]) =>
    found.slice(0, 9).map((url, index) => ({ what: `${what}${found.length > 1 ? ` ${index + 1}` : ''}${shows}`, url }));
  return [
    ...rows('Mesos master', ': agents, frameworks, tasks', urls.masters.map(at('/state'))),
    ...rows('Marathon', ': apps and deployments', urls.marathons.map(at('/v2/apps'))),
    ...rows(
      'Load balancer',
      ': statistics',
      urls.loadBalancers.map((url) => `${url}/haproxy?stats`),
    ),
    ...rows('The nginx app, through the load balancer', '', urls.services),
    ...urls.addons.map(({ role, url }) => ({ what: addonTitles[role], url })),
  ];
}

/** Whether something in a browser leads to a name of the lab: Mesos's page does, and a master that stands by. */
const needsNames = ({ imageSet, masterCount }: Plan): boolean => imageSet !== 'lite' || masterCount > 1;

/** What the embedded runtime leaves out (runtimes/embedded/plan-to-run.ts). */
function notEmbedded({ addons }: Plan): string {
  const titles = ['ZooKeeper (it elects in memory)', ...addons.map((addon) => addonTitles[addon])];
  return titles.join(', ');
}

/** Machines that `up` has no way to. */
function unreachable({ placement, vagrant, nodes }: Plan) {
  const without =
    placement === 'machines' && vagrant === undefined ? nodes.filter(({ docker }) => docker === undefined) : [];
  const [first] = without;
  if (first === undefined) return undefined;
  const shown = without.slice(0, 9).map(({ name }) => name);
  const more = without.length - shown.length;
  const names = `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return { names, isOne: without.length === 1, address: first.address ?? first.name };
}

/** `README.md` of the lab: its own nodes, URLs and ports, the first steps, and how to clean up. */
export function labReadme(plan: Plan): GeneratedFile {
  const { rows, more } = nodeRows(plan);
  const providerTitle = plan.vagrant === undefined ? '' : providerTitles[plan.vagrant.provider];
  return {
    path: 'README.md',
    content: render(
      {
        plan,
        providerTitle,
        rows,
        more,
        urls: urlRows(plan),
        marathon: plan.urls.marathons[0] ?? '',
        taskPort: firstTaskPort(plan),
        hosts: needsNames(plan) ? hostsLine(plan, mostHosts) : undefined,
        daemonJson: foreignDaemonJson(plan),
        keptWork: keptWork(plan),
        registry: registryUse(plan),
        unreachable: unreachable(plan),
        notEmbedded: notEmbedded(plan),
        balancer: plan.urls.loadBalancers.length > 0,
        amd64: amd64Roles(plan).join(', '),
      },
      quoteMarkdown,
    ),
  };
}
