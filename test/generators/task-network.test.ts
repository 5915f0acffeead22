import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { composeFiles } from '../../generators/compose/compose-files.ts';
import { taskNetworkScript } from '../../generators/compose/task-network.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';
import { readCompose } from '../support/compose-file.ts';

/*
 * The program that makes the network, run by a shell with a docker and an iptables that are none: they write down what
 * they are asked, and docker ends the program where it would wait.
 */

const fakeDocker = `#!/bin/sh
echo "docker $*" >>"$FAKE/asked"
case "$1 $2" in
  "network inspect") [ -s "$FAKE/subnet" ] && cat "$FAKE/subnet" ;;
  "network rm") [ ! -e "$FAKE/used" ] || { kill "$PPID"; exit 1; }; : >"$FAKE/subnet" ;;
  "events --since") kill "$PPID" ;;
esac
`;
/** Of these tables, as Docker has them, and with a rule of before. */
const fakeIptables = `#!/bin/sh
echo "iptables $*" >>"$FAKE/asked"
case "$*" in
  *" -C DOCKER-USER -s "*) exit "$HAS_RULE" ;;
  *" -C "*) exit 1 ;;
esac
`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fake-network-'));
  for (const [name, text] of Object.entries({ docker: fakeDocker, iptables: fakeIptables })) {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What docker and iptables are asked to change. @param subnet that the network has */
async function changes(subnet: string, { hasRule = false, isUsed = false } = {}): Promise<readonly string[]> {
  writeFileSync(join(folder, 'subnet'), subnet);
  if (isUsed) writeFileSync(join(folder, 'used'), '');
  // Files of its own in place of those of the kernel.
  const script = taskNetworkScript()
    .replaceAll(/\/proc\/sys\/net\/ipv4\/\S+\/eth0\//g, `${folder}/`)
    .replace('/tmp/ready', `${folder}/ready`);
  await execa('sh', ['-c', script], {
    env: {
      ...{ PATH: `${folder}:${process.env['PATH'] ?? ''}`, FAKE: folder, HAS_RULE: hasRule ? '0' : '1' },
      ...{ TASK_NETWORK: 'apps', TASK_NETWORK_SUBNET: '198.19.1.0/26', TASK_NETWORK_GATEWAY: '198.19.1.1' },
    },
    reject: false,
    timeout: 20_000,
  });
  const asked = readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');
  return asked.filter((line) => / (?:create|rm|-I) /.test(line));
}
const rule = (side: string) => `iptables -w -I DOCKER-USER ${side} 198.19.1.0/26 -j ACCEPT`;

describe('the program that makes the network of tasks', () => {
  it('makes it, lets others through to it and answers for it, and then it is ready', async () => {
    const [create = '', ...rules] = await changes('');
    expect(create).toMatch(/^docker network create --subnet 198\.19\.1\.0\/26 --gateway 198\.19\.1\.1 .* apps$/);
    expect(rules).toEqual([rule('-s'), rule('-d')]);
    const settings = ['proxy_arp', 'proxy_delay'].map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(settings).toEqual(['1\n', '0\n']);
    expect(readFileSync(join(folder, 'ready'), 'utf8')).toBe('');
  });

  it('changes nothing that is as it should be', async () => {
    expect(await changes('198.19.1.0/26', { hasRule: true })).toEqual([rule('-d')]);
  });

  it('makes one anew that has the addresses of before', async () => {
    const [remove, create] = await changes('198.19.9.0/26');
    expect([remove, create]).toEqual([
      'docker network rm apps',
      expect.stringContaining('create --subnet 198.19.1.0/26'),
    ]);
  });

  it('is not ready while containers hold that one', async () => {
    expect(await changes('198.19.9.0/26', { isUsed: true })).toEqual(['docker network rm apps']);
    expect(() => readFileSync(join(folder, 'ready'))).toThrow();
  });
});

const compose = (spec: Partial<ClusterSpec>) => {
  const [file, ...others] = composeFiles(planCluster({ name: 'lab', ...spec }));
  return { content: file?.content ?? '', ...readCompose(file?.content ?? ''), others };
};

describe('the Compose file of a lab with a network of tasks', () => {
  it('has a container for it in the pod of each agent, with a part of its own, which the agent waits for', () => {
    const { services, content } = compose({ taskNetwork: 'apps', counts: { agents: 2 } });
    for (const agent of ['agent1', 'agent2']) {
      expect(services[`${agent}-network`]).toMatchObject({
        ...{ network_mode: `service:${agent}-node`, pid: `service:${agent}-node`, privileged: true },
        environment: { TASK_NETWORK: 'apps' },
      });
      expect(services[agent]).toMatchObject({ depends_on: { [`${agent}-network`]: { condition: 'service_healthy' } } });
    }
    const subnets = ['agent1', 'agent2'].map(
      (agent) => services[`${agent}-network`]?.environment?.['TASK_NETWORK_SUBNET'],
    );
    expect(new Set(subnets).size).toBe(2);
    expect(content).toContain('ip_range: 198.19.');
  });

  it('has none of that where the agents share the Engine of this machine, but a name for its own network', () => {
    const { services, content } = compose({ taskNetwork: 'apps', agentDocker: 'socket' });
    expect(Object.keys(services).filter((name) => name.endsWith('-network'))).toEqual([]);
    expect(content).toMatch(/\n {2}default:\n(?: {4}#.*\n)? {4}name: apps\n/);
  });

  it("has Mesos-DNS lead to containers' own addresses, and only there", () => {
    const sources = (spec: Partial<ClusterSpec>) => {
      const [file] = compose({ addons: ['mesos-dns'], ...spec }).others;
      return (JSON.parse(file?.content ?? '{}') as { readonly IPSources?: unknown }).IPSources;
    };
    expect(sources({})).toEqual(['host']);
    expect(sources({ taskNetwork: 'apps' })).toEqual(['netinfo', 'host']);
  });
});
