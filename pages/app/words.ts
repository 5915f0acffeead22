import type { EventKind, EventRow } from '../picture/tables.ts';
import type { Expected } from './marathon/json-places.ts';

/* All words of the page: another language is another one of these. */

const plural = (count: number, one: string, many: string) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

const events: { readonly [Kind in EventKind]: (about: string, detail: string) => string } = {
  'agent-added': (about) => `Agent ${about} has joined`,
  'agent-gone': (about) => `Agent ${about} is gone`,
  'agent-state': (about, detail) => `Agent ${about} is ${detail}`,
  'framework-added': (about) => `Framework ${about} has subscribed`,
  'framework-gone': (about) => `Framework ${about} has ended`,
  'master-leads': (about, detail) => `The new leading master is ${about}${detail === '' ? '' : `, after ${detail}`}`,
  'master-lost': (about, detail) => `The leading master ${about} is lost: ${detail.replace(`${about} `, '')}`,
  'marathon-leads': (about, detail) => `Marathon answers again at ${about}${detail === '' ? '' : `, after ${detail}`}`,
  'marathon-lost': (about, detail) => `Marathon at ${about} is lost: ${detail.replace(`${about} `, '')}`,
  'task-state': (about, detail) => {
    const [state = '', ...why] = detail.split(': ');
    return [`${about}: ${taskState(state)}`, ...why].join(': ');
  },
  health: (about, detail) => `Task ${about} is ${detail}`,
  'deployment-began': (about) => `Deployment: ${about}`,
  'deployment-done': (about) => `Deployment of ${about} is done`,
  'deployment-failed': (about, detail) => `Deployment of ${about} has failed: ${detail}`,
  'component-up': (about) => `${about} answers`,
  'component-down': (about, detail) => `${about} ${detail === '' ? 'does not answer' : detail}`,
  'component-state': (about, detail) => {
    if (detail === '') return `${about} answers again`;
    return detail.startsWith('does not') ? `${about} ${detail}` : `${about} is ${detail}`;
  },
  'lab-down': (_about, detail) => `The lab: ${detail}`,
  'lab-up': () => 'The lab runs again',
};

/** What an event is about, to be filtered by. */
export const kinds = ['agents', 'tasks', 'apps', 'cluster'] as const;
export type Kind = (typeof kinds)[number];

export function kindOf({ kind }: EventRow): Kind {
  if (kind.startsWith('agent-')) return 'agents';
  if (kind === 'task-state' || kind === 'health') return 'tasks';
  return kind.startsWith('deployment-') ? 'apps' : 'cluster';
}

/** Who says so. */
function fromOf({ kind }: EventRow): string {
  if (/^(?:component|lab)-/.test(kind)) return 'lab';
  return /^(?:marathon|deployment)-|^health$/.test(kind) ? 'Marathon' : 'master';
}

const taskStates: Readonly<Record<string, string>> = {
  ...{ TASK_GONE_BY_OPERATOR: 'gone by operator', TASK_UNREACHABLE: 'out of reach' },
};
const taskState = (state: string) => taskStates[state] ?? state.replace(/^TASK_/, '').toLowerCase();

/** What JSON lacks at a place. */
const expected: Readonly<Record<Expected, string>> = {
  value: 'a value is missing here',
  name: 'a name in double quotes is missing here',
  colon: 'a colon is missing after the name',
  'comma or }': 'a comma or } is missing here',
  'comma or ]': 'a comma or ] is missing here',
  'no comma': 'nothing comes after this comma',
  quote: 'this text has no end, or has a character that must be escaped',
  'double quotes': 'texts stand in double quotes',
  'no comment': 'JSON has no comments',
  end: 'nothing more may come here',
};

export const words = {
  title: 'Cluster',
  navigation: 'Views',
  views: { overview: 'Overview', agents: 'Agents', apps: 'Apps', frameworks: 'Frameworks', tasks: 'Tasks' },
  agents: (count: number) => plural(count, 'agent', 'agents'),
  apps: (count: number) => plural(count, 'app', 'apps'),
  tasks: (count: number) => plural(count, 'task', 'tasks'),
  frameworks: (count: number) => plural(count, 'framework', 'frameworks'),
  event: ({ kind, about, detail = '' }: EventRow) => events[kind](about, detail),
  noEvents: 'Nothing has happened since this page was opened.',
  happened: 'What happens',
  nodes: 'Machines',
  inUse: 'In use',
  cpus: 'CPUs',
  memory: 'Memory',
  disk: 'Disk',
  of: (used: string, total: string) => `${used} of ${total}`,
  percent: (share: number) => `${Math.round(share * 100)} %`,
  leader: 'leads',
  leadingMaster: 'Leading master',
  marathon: 'Marathon',
  looking: (what: string) => `Looking for the ${what.replace(/^L/, 'l')} …`,
  following: (url: string) => `following ${url}`,
  connecting: 'Connecting …',
  noAgents: 'No agent has registered yet.',
  noApps: 'There is no app yet.',
  noTasks: 'No task has run yet.',
  noMatch: 'Nothing has that in it.',
  noMarathon: 'This cluster has no Marathon.',
  tooManyTasks: (count: number) =>
    `${count.toLocaleString('en')} tasks: too many to list. Choose an agent or a framework.`,
  filter: 'Filter',
  name: 'Name',
  state: 'State',
  instances: 'Instances',
  health: 'Health',
  healthOf: (healthy: number, unhealthy: number) => `${healthy} healthy, ${unhealthy} not`,
  unchecked: 'not checked',
  runs: 'Runs',
  agent: 'Agent',
  framework: 'Framework',
  task: 'Task',
  user: 'User',
  roles: 'Roles',
  attributes: 'Attributes',
  port: 'Port',
  since: 'Since',
  why: 'Why',
  waits: (count: number, why: string) => `${plural(count, 'instance waits', 'instances wait')}: ${why}`,
  waitsUnknown: 'no offer was looked at yet',
  delayed: (seconds: number) => `the next attempt is in ${seconds} s`,
  deploying: 'deploying',
  deployment: (step: number, steps: number) => `step ${step} of ${steps}`,
  suspended: 'suspended',
  running: 'running',
  waiting: 'waiting',
  unhealthy: 'unhealthy',
  lastFailure: 'Its last failure',
  definition: 'Definition',
  versions: 'Versions',
  sandbox: 'Sandbox',
  files: 'Files',
  follow: 'Follow its end',
  noFiles: 'No file is there yet.',
  empty: 'empty so far',
  size: 'Size',
  scale: 'Scale',
  restart: 'Restart',
  suspend: 'Suspend',
  destroy: 'Destroy',
  create: 'Create an app',
  edit: 'Edit',
  send: 'Send',
  cancel: 'Cancel',
  close: 'Close',
  howMany: 'Instances',
  json: 'JSON of an app or a pod, as the API takes it',
  sureDestroy: (id: string) => `Destroy ${id}? Its instances are killed, and its versions are forgotten.`,
  sureSuspend: (id: string) => `Suspend ${id}? All of its instances are killed; it can be scaled again.`,
  sureRestart: (id: string) => `Restart ${id}? Its instances are replaced by new ones.`,
  // The picture, its events, and what is wrong.
  taskState,
  more: (count: number) => `+${count.toLocaleString('en')}`,
  legend: 'Which letter is which app',
  noTasksHere: 'runs nothing',
  notActive: (count: number) => `${count.toLocaleString('en')} not active`,
  gridKeys: 'Arrow keys move over the agents, Enter opens one.',
  inUseShort: 'in use',
  kindsOfEvents: 'Kinds of events',
  allEvents: 'All',
  eventKinds: { agents: 'Agents', tasks: 'Tasks', apps: 'Deployments', cluster: 'Cluster' },
  eventFrom: fromOf,
  paused: (more: number) => (more === 0 ? 'held while you read' : `held while you read: ${more} more`),
  lab: 'This lab',
  seconds: (count: number) => `${count} s`,
  minutes: (count: number) => `${count} min`,
  hours: (count: number) => `${count} h`,
  lostSince: (time: string) => `Lost since ${time}.`,
  asked: (urls: readonly string[]) =>
    urls.length > 3 ? `${urls.length} URLs are asked again and again.` : `Asked again and again: ${urls.join(', ')}.`,
  lastKnown: 'What is shown is what was last known.',
  serverLost: 'The server of this page does not answer; it is asked again each second.',
  back: (took: string) => `All is followed again, after ${took}.`,
  // Of Marathon: apps, groups, deployments.
  ofApps: {
    expected: (what: Expected) => expected[what],
    atLine: (line: number, column: number, said: string) => `Line ${line}, column ${column}: ${said}`,
    line: (line: number) => `Line ${line}`,
    keys: 'Ctrl or Cmd and Enter sends it; Escape leaves.',
    examples: 'Begin with:',
    exampleCommand: 'a command',
    exampleNginx: 'nginx with a health check',
    examplePod: 'a pod',
    exampleGroup: 'a group',
    discard: 'Leave, and lose what you have changed?',
    discardIt: 'Lose the changes',
    goOn: 'Go on editing',
    force: 'Force it',
    forceMeans:
      'Another deployment is changing this. Force (force=true) cancels that one where it stands, and then does this: instances that it has started or has not killed yet stay until the new deployment looks after them.',
  },
  // What is done to apps.
  onlyShows: 'This page only shows: open the URL with the token that was printed to change something.',
  refused: (status: number, said: string) => `Refused (${status}): ${said}`,
  notReached: 'No answer came. Whether it was done is seen above.',
  notJson: (said: string) => `This is not JSON: ${said}`,
} as const;
