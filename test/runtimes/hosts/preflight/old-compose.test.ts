import { describe, expect, it } from 'vitest';
import { composeFiles } from '../../../../generators/compose/compose-files.ts';
import { addons } from '../../../../planning/catalogue/roles.ts';
import { isUserError } from '../../../../errors/user-error.ts';
import { hostsRuntime } from '../../../../runtimes/hosts/hosts-runtime.ts';
import { ended } from '../../docker/fake-docker.ts';
import { fakeMachines, fakeWorld, heardOptions, planWithAgents } from '../fake-machines.ts';

/** The last Compose that does not take the text of a file in its own. */
const info = {
  ...{ ID: 'one', MemTotal: 64e9, CgroupVersion: '2' },
  ClientInfo: { Plugins: [{ Name: 'compose', Version: '2.23.0' }] },
};

describe.each(addons)('a Compose before 2.23.1 and the add-on %s on machines', (addon) => {
  it('are refused together where a Compose file has texts of files', async () => {
    const plan = planWithAgents(1, { addons: [addon] });
    const machines = fakeMachines(1, ({ words }) => (words[0] === 'info' ? ended(0, JSON.stringify(info)) : undefined));
    const failure: unknown = await hostsRuntime(fakeWorld(machines, plan))
      .prepare({ directory: '/lab' }, heardOptions(plan))
      .catch((error: unknown) => error);
    const problems = isUserError(failure) ? failure.problems : [];
    const hasTexts = composeFiles(plan).some(({ content }) => /^configs:$/m.test(content));
    expect(problems.filter(({ code }) => code === 'MACHINE_NO_COMPOSE').map(({ found }) => found)).toEqual(
      hasTexts ? ['2.23.0'] : [],
    );
  });
});
