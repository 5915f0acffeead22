import { UserError } from '../../../errors/user-error.ts';
import { composeLabels, labLabel, nodeLabel, partitionRole, roleLabel } from '../../../protocol/lab-labels.ts';
import type { DockerEngine } from '../docker-engine.ts';
import type { LabContainer } from '../lab/lab-containers.ts';

/** Where agents reach a master. */
export interface MasterAddress {
  readonly address: string;
  /** Where the address has more than a master: its port, and that of the agent. */
  readonly ports?: { readonly master: number; readonly agent: number };
}

/*
 * An agent is cut off by rules of iptables in the network of its pod. Neither it nor its Engine may change that, so a
 * container of the Engine's image does, which may do nothing else; as long as it is there the agent is cut off, so that
 * `docker ps` says what is so, and `down` finds it by its labels. Its rules are in a chain of their own.
 */

const chain = 'LAB-PARTITION';
const helperName = ({ lab, id }: LabContainer) => `${lab}-${id}-partition`;

interface Cut {
  readonly agent: LabContainer;
  readonly all: readonly LabContainer[];
  readonly masters: readonly MasterAddress[];
  readonly signal: AbortSignal;
}

/** Nothing gets through any more between an agent and these masters. @throws UserError when there is no way to do it */
export async function partitionAgent(engine: DockerEngine, { agent, all, masters, signal }: Cut): Promise<void> {
  if (agent.state === 'partitioned') return;
  const ofPod = all.filter(({ node }) => node === agent.node);
  const image = ofPod.find(({ role }) => role === 'docker-engine')?.image;
  if (agent.state !== 'running') {
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message: `${agent.id} does not run, so that there is nothing to cut off`,
      found: agent.detail,
      fix: `create-mesos-cluster start ${agent.id}`,
    });
  }
  if (image === undefined) {
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message: `${agent.id} cannot be cut off: no image of the lab has iptables, which that of an agent's own Engine has`,
      found: 'agentDocker: socket',
      fix: 'agentDocker: dind in mesos-cluster.yaml, generate, up; or pause the agent, which is nearly the same to the masters',
    });
  }
  const network = ofPod.find(({ role }) => role === 'node') ?? agent;
  const name = helperName(agent);
  const labels = {
    [labLabel]: agent.lab,
    [nodeLabel]: agent.node,
    [roleLabel]: partitionRole,
    [composeLabels.project]: agent.lab,
    [composeLabels.service]: `${agent.id}-${partitionRole}`,
    [composeLabels.directory]: agent.directory,
    [composeLabels.files]: agent.composeFile,
    // Compose leaves those alone.
    'com.docker.compose.oneoff': 'True',
  };
  await engine.ask(
    [
      ...['run', '--detach', '--name', name, '--network', `container:${network.containerId}`],
      ...['--cap-drop', 'ALL', '--cap-add', 'NET_ADMIN', '--cap-add', 'NET_RAW', '--user', '0', '--pull', 'never'],
      ...Object.entries(labels).flatMap(([label, value]) => ['--label', `${label}=${value}`]),
      ...['--entrypoint', 'sleep', image, '2147483647'],
    ],
    { signal },
  );
  try {
    await engine.ask(['exec', name, 'sh', '-ec', cutScript(masters)], { signal });
  } catch (error) {
    await engine.ask(['rm', '--force', '--volumes', name]);
    throw error;
  }
}

/** Takes the rules back. */
export async function healAgent(engine: DockerEngine, agent: LabContainer, signal: AbortSignal): Promise<void> {
  const name = helperName(agent);
  await engine.ask(['exec', name, 'sh', '-c', healScript], { signal });
  await engine.ask(['rm', '--force', '--volumes', name], { signal });
}

const iptables = 'iptables -w';

function cutScript(masters: readonly MasterAddress[]): string {
  const rules = masters.flatMap(({ address, ports }) =>
    ports === undefined
      ? [`-d ${address}`, `-s ${address}`]
      : [
          `-d ${address} -p tcp --dport ${ports.master}`,
          `-s ${address} -p tcp --sport ${ports.master}`,
          `-s ${address} -p tcp --dport ${ports.agent}`,
          `-d ${address} -p tcp --sport ${ports.agent}`,
        ],
  );
  return [
    `${iptables} -N ${chain}`,
    ...rules.map((rule) => `${iptables} -A ${chain} ${rule} -j DROP`),
    ...['INPUT', 'OUTPUT'].map((hook) => `${iptables} -I ${hook} -j ${chain}`),
  ].join('\n');
}

const healScript = [
  ...['INPUT', 'OUTPUT'].map((hook) => `${iptables} -D ${hook} -j ${chain}`),
  `${iptables} -F ${chain}`,
  `${iptables} -X ${chain}`,
].join('\n');

/** The containers of masters on an Engine, by their addresses in the lab's network. */
export async function masterAddresses(
  engine: DockerEngine,
  containers: readonly LabContainer[],
  signal: AbortSignal,
): Promise<readonly MasterAddress[]> {
  const masters = containers.filter(({ role }) => role === 'mesos-master').map(({ containerId }) => containerId);
  if (masters.length === 0) return [];
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}';
  const text = await engine.ask(['inspect', '--type', 'container', '--format', format, ...masters], { signal });
  return text
    .split(/\s+/)
    .filter((address) => address !== '')
    .map((address) => ({ address }));
}
