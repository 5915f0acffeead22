import { expect, it } from 'vitest';
import { fillSandbox } from '../../../checks/drills/catalogue/sandbox.ts';
import { checkNeeds } from '../../../checks/drills/check-needs.ts';
import { settingsFrom, type DrillFacts } from '../../../checks/drills/drill-facts.ts';

const facts: DrillFacts = {
  ...{ inOneProcess: false, masters: [], agents: [], marathons: [], zookeepers: [], quorum: 1 },
  balancers: [{ id: 'lb1', url: '', place: '' }],
  disk: { isEnforced: false, measured: 0 },
  settings: settingsFrom({}, { nodes: [] }),
};

it.each([
  [true, '--enforce_container_disk_quota', 'mesos-cluster.yaml'],
  [false, 'mesos-cluster.yaml', '--enforce_container_disk_quota'],
])('says where the disk quota is asked for (adopted: %s)', (isAdopted, words, others) => {
  let thrown: unknown;
  try {
    checkNeeds(fillSandbox, facts, undefined, isAdopted);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ kind: 'usage', details: { fix: expect.stringContaining(words) as string } });
  expect(thrown).not.toMatchObject({ details: { fix: expect.stringContaining(others) as string } });
});
