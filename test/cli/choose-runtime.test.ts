import { describe, expect, it } from 'vitest';
import type { Problem } from '../../errors/user-error.ts';
import { chooseRuntime, type RuntimeCandidate } from '../../cli/running/choose-runtime.ts';

const fakeRuntime = (name: RuntimeCandidate['name'], problem?: Problem): RuntimeCandidate => ({
  name,
  refusal: () => Promise.resolve(problem),
});
const { signal } = new AbortController();
const lab = { directory: '/lab' };
const down: Problem = {
  code: 'MACHINE_DOCKER_DOWN',
  message: 'no daemon answers',
  found: 'ECONNREFUSED',
  fix: 'start it',
};
const noDocker = fakeRuntime('docker', down);

describe('the choice of a runtime', () => {
  it('takes the first that the machine has', async () => {
    const choice = await chooseRuntime([fakeRuntime('docker'), fakeRuntime('embedded')], lab, undefined, signal);
    expect(choice).toMatchObject({ chosen: { name: 'docker' }, reason: 'docker answers' });
  });

  it('says why those before it were not taken', async () => {
    const choice = await chooseRuntime([noDocker, fakeRuntime('embedded')], lab, undefined, signal);
    expect(choice).toMatchObject({
      chosen: { name: 'embedded' },
      reason: 'not docker: no daemon answers (ECONNREFUSED)',
    });
  });

  it('asks no other than the one that is wanted', async () => {
    const choice = await chooseRuntime([fakeRuntime('docker'), fakeRuntime('embedded')], lab, 'embedded', signal);
    expect(choice).toMatchObject({ chosen: { name: 'embedded' }, reason: '--runtime says so' });
  });

  it('has reasons when there is none', async () => {
    const choice = await chooseRuntime([noDocker, fakeRuntime('embedded')], lab, 'docker', signal);
    expect(choice).toEqual({ reasons: [{ name: 'docker', problem: down }] });
  });
});
