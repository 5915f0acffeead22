import type { Plan, PlannedComponent, PlannedPort } from '../planning/plan/plan.ts';
import { imageSets } from '../planning/catalogue/image-sets.ts';
import { companionsOf, type Role, type VagrantProvider } from '../planning/catalogue/roles.ts';
import { addonPages, clusterPages, pageOf, type RolePages } from '../planning/catalogue/pages.ts';
import { portRange } from '../planning/plan/plan-ports.ts';
import render from '../templates/README.md.ejs';
import { hostsLine } from '../planning/catalogue/hosts-line.ts';
import { addressApp, firstTaskPort } from './app-definitions.ts';
import type { GeneratedFile } from './generated-file.ts';
import {
  amd64Roles,
  foreignDaemonJson,
  keptWork,
  nameServerLines,
  registryUse,
  taskNameServer,
} from './readme-notes.ts';

const providerTitles: Readonly<Record<VagrantProvider, string>> = {
  virtualbox: 'VirtualBox',
  libvirt: 'libvirt',
  parallels: 'Parallels',
  vmware_desktop: 'VMware',
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

/** The pages of one role; those of the set lite have none, but answers that a browser can show. */
function pageRows({ page, urls }: RolePages, isLite: boolean) {
  const shows = page.shows === undefined ? '' : `: ${page.shows}`;
  const path = isLite ? (page.litePath ?? '') : '';
  return urls.slice(0, 9).map((url, index) => ({
    what: `${page.title}${urls.length > 1 ? ` ${index + 1}` : ''}${shows}`,
    url: `${url}${path}`,
  }));
}

function urlRows(plan: Plan) {
  const isLite = plan.imageSet === 'lite';
  const services = { page: { title: 'The nginx app, through the load balancer' }, short: '', urls: plan.urls.services };
  return [...clusterPages(plan), services, ...addonPages(plan)].flatMap((pages) => pageRows(pages, isLite));
}

/** Whether something in a browser leads to a name of the lab: Mesos's page does, and a master that stands by. */
const needsNames = ({ imageSet, masterCount }: Plan): boolean => imageSet !== 'lite' || masterCount > 1;

/** What the embedded runtime leaves out (runtimes/embedded/plan-to-run.ts): of the rest there are programs of ours. */
function notEmbedded({ addons }: Plan): string {
  const isOurs = (role: Role) => imageSets.lite.images[role].build !== undefined;
  const without = [...addons, ...companionsOf(addons)].filter((role) => !isOurs(role));
  const titles = ['ZooKeeper (it elects in memory)', ...without.map((role) => pageOf(role).title)];
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
        addressApp,
        hosts: needsNames(plan) ? hostsLine(plan, mostHosts) : undefined,
        daemonJson: foreignDaemonJson(plan),
        keptWork: keptWork(plan),
        registry: registryUse(plan),
        taskNameServer: taskNameServer(plan),
        nameServers: nameServerLines(plan),
        unreachable: unreachable(plan),
        notEmbedded: notEmbedded(plan),
        balancer: plan.urls.loadBalancers.length > 0,
        amd64: amd64Roles(plan).join(', '),
      },
      quoteMarkdown,
    ),
  };
}
