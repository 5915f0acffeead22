import { expect, it } from 'vitest';
import { isUserError } from '../../../../errors/user-error.ts';
import type { ClusterSpec } from '../../../../planning/shape/cluster-spec.ts';
import type { DockerEngine } from '../../../../runtimes/docker/docker-engine.ts';
import { refuseTakenNetwork } from '../../../../runtimes/docker/preflight/taken-network.ts';
import { planOf } from '../../embedded/plan-of.ts';
import { ended } from '../fake-docker.ts';

/** What is said of a lab where these networks are: each as name, lab and subnets. */
async function said(spec: Partial<ClusterSpec>, ...there: readonly (readonly [string, string, string])[]) {
  const asked: string[] = [];
  const engine = {
    ask: () => Promise.resolve(there.map((_, index) => String(index)).join('\n')),
    run: (words: readonly string[]) => {
      asked.push(words.join(' '));
      return Promise.resolve(ended(0, there.map((fields) => `${fields.join('\t')}\n`).join('')));
    },
  } as unknown as DockerEngine;
  const plan = await planOf({ name: 'mine', ...spec });
  try {
    await refuseTakenNetwork(engine, plan);
  } catch (error) {
    if (isUserError(error)) return error.problems[0];
    throw error;
  }
  return { asked: asked.length, subnet: plan.network?.addresses?.subnet };
}

const socket = { agentDocker: 'socket', taskNetwork: 'apps' } as const;

it('a lab whose network is Docker’s own choice asks nothing', async () => {
  expect(await said({}, ['apps', '', '172.17.0.0/16'])).toEqual({ asked: 0, subnet: undefined });
});

it('a network of the name that tasks join is refused where it is of somebody else', async () => {
  expect(await said(socket, ['apps', 'theirs', '172.18.0.0/16 '])).toMatchObject({
    code: 'MACHINE_NETWORK_TAKEN',
    found: 'the lab theirs (create-mesos-cluster down theirs ends it)',
    fix: expect.stringContaining('another name for taskNetwork'),
  });
  expect(await said(socket, ['apps', '', ''])).toMatchObject({ found: 'docker network inspect apps says more' });
  expect(await said(socket, ['apps', 'mine', '172.18.0.0/16 '], ['other', '', ''])).toMatchObject({ asked: 1 });
});

it('a network with addresses that a lab needs is refused, and how to move them is said', async () => {
  const spec = { taskNetwork: 'apps' };
  const { subnet = '' } = (await said(spec)) as { readonly subnet?: string };
  const [, third = ''] = /^198\.19\.(\d+)\.0\/21$/.exec(subnet) ?? [];
  for (const other of [subnet, `198.19.${String(Number(third) + 7)}.0/24`, '198.16.0.0/12']) {
    expect(await said(spec, ['bridge', '', '172.17.0.0/16 '], ['x', '', `fd00::/8 ${other} `]), other).toMatchObject({
      code: 'MACHINE_NETWORK_TAKEN',
      found: `x (fd00::/8, ${other}), docker network inspect x says more`,
      fix: expect.stringContaining('--port-offset 100'),
    });
  }
  const beside = `198.19.${String((Number(third) + 8) % 256)}.0/24`;
  expect(await said(spec, ['x', '', `${beside} `], ['y', 'mine', `${subnet} `])).toMatchObject({ asked: 1 });
});
