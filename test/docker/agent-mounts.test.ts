import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';
import { requireTool } from '../support/require-tool.ts';
import { localImages } from './support/docker-lab.ts';
import { freeOffset } from './support/free-offset.ts';
import { writeLabFiles } from './support/lab-in-folder.ts';

/*
 * What the agent of clusterd needs of its container when it starts, with a shell in the place of the agent. The commands
 * are those of the real one (apache/mesos src/slave/containerizer/mesos/isolators/network/cni/cni.cpp, create).
 */
const asTheAgent = `
test -d "$MESOS_NETWORK_CNI_CONFIG_DIR" || { echo "no folder $MESOS_NETWORK_CNI_CONFIG_DIR"; exit 1; }
ls -A "$MESOS_NETWORK_CNI_CONFIG_DIR"
mkdir -p /var/run/mesos/isolators/network/cni
root=$(realpath /var/run/mesos/isolators/network/cni)
mount --bind "$root" "$root" && mount --make-private "$root" && mount --make-shared "$root" || exit 2
grep -o "$root rw.* shared:" /proc/self/mountinfo | cut -d ' ' -f 1
`;

const removals: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const remove of removals) await remove();
});

/** Runs the commands in the container of the first agent of a lab, as its Compose file makes it. */
async function inFirstAgent(spec: Partial<ClusterSpec>, script: string) {
  const name = `cmc-mounts-${String(process.pid)}-${String(removals.length)}`;
  const workDir = `/var/lib/${name}`;
  const agent = { image: localImages.build.base };
  const images = { ...spec.images, overrides: { ...localImages.overrides, 'mesos-agent': agent } };
  const ports = spec.nodes === undefined ? { offset: await freeOffset() } : undefined;
  const plan = planCluster({ ...spec, name, mesos: { workDir }, ports, images });
  const lab = await writeLabFiles(plan);
  const cwd = join(lab.folder, plan.placement === 'one-host' ? '' : `nodes/${plan.nodes[0]?.name ?? ''}`);
  const compose = (...words: readonly string[]) =>
    execa('docker', ['compose', ...words], { cwd, reject: false, stdin: 'ignore' });
  removals.push(async () => {
    await compose('down', '--volumes', '--timeout', '1');
    await execa('rm', ['-rf', '--', workDir]);
    lab.remove();
  });
  const service = plan.placement === 'one-host' ? 'agent1' : 'mesos-agent';
  if (plan.agentDocker === 'dind') {
    const node = await compose('up', '--detach', '--no-deps', 'agent1-node');
    expect(node.exitCode, node.stderr).toBe(0);
  }
  return compose('run', '--rm', '--no-deps', '--no-TTY', '--entrypoint', 'sh', service, '-c', script);
}

const onHosts: Partial<ClusterSpec> = {
  nodes: [{ name: 'one', address: '192.0.2.1', roles: ['zookeeper', 'mesos-master', 'mesos-agent', 'marathon'] }],
};

describe.skipIf(!requireTool('Docker', ['docker', 'info']))("an agent's container", () => {
  it.each([
    ['in a pod', {}],
    ["on the machine's Engine", { agentDocker: 'socket' }],
    ['on a machine of its own', onHosts],
  ] as const)('of clusterd has the folder of CNI networks and may mount: %s', async (_, spec) => {
    const { exitCode, stdout, stderr } = await inFirstAgent(spec, asTheAgent);
    expect({ exitCode, stdout, stderr }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\/(var\/)?run\/mesos\/isolators\/network\/cni$/),
    });
  });

  it('of another set has neither in a pod', async () => {
    const stock: Partial<ClusterSpec> = { images: { set: 'stock' } };
    expect(await inFirstAgent(stock, asTheAgent)).toMatchObject({ exitCode: 1, stdout: 'no folder ' });
    const withFolder = `MESOS_NETWORK_CNI_CONFIG_DIR=/etc; ${asTheAgent}`;
    expect(await inFirstAgent(stock, withFolder)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/permission denied|not permitted/),
    });
  });
});
