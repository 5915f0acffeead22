import { expect, it } from 'vitest';
import { settingRows } from '../../../cli/page/setting-rows.ts';
import { preparePlan } from '../../../planning/plan/prepare-plan.ts';
import { locateByKey } from '../../../cli/command-line/spec-from-flags.ts';
import type { ClusterSpec } from '../../../planning/shape/cluster-spec.ts';

const rowsOf = async (spec: Omit<ClusterSpec, 'name'>) =>
  settingRows((await preparePlan({ name: 'lab', ...spec }, locateByKey)).plan);

it('has a setting once for each role that has it, with the values of its components', async () => {
  const rows = await rowsOf({ counts: { agents: 2 } });
  const ports = rows.filter(({ name }) => name === 'MESOS_PORT').map(({ role, values }) => ({ role, values }));
  expect(ports).toEqual([
    { role: 'mesos-master', values: [{ value: '5050', components: ['master1'] }] },
    {
      role: 'mesos-agent',
      values: [
        { value: '5051', components: ['agent1'] },
        { value: '5052', components: ['agent2'] },
      ],
    },
  ]);
});

it('begins with what is of the lab as a whole, and then has the settings of one role after those of another', async () => {
  const roles = (await rowsOf({})).map(({ role }) => role);
  const turns = roles.filter((role, index) => role !== roles[index - 1]);
  const components = ['zookeeper', 'mesos-master', 'mesos-agent', 'marathon', 'marathon-lb'];
  expect(turns).toEqual(['', ...components, 'docker-engine', 'cleaner']);
});
