import { describe, expect, it } from 'vitest';
import { chooseRuntime, type RuntimeCandidate } from '../../runtimes/cluster-runtime.ts';

const fakeRuntime = (name: RuntimeCandidate['name'], reason?: string): RuntimeCandidate => ({
  name,
  unavailable: () => Promise.resolve(reason),
});
const { signal } = new AbortController();
const noDocker = fakeRuntime('docker', 'no daemon answers');

describe('the choice of a runtime', () => {
  it('takes the first that the machine has', async () => {
    const choice = await chooseRuntime([fakeRuntime('docker'), fakeRuntime('embedded')], undefined, signal);
    expect(choice).toMatchObject({ chosen: { name: 'docker' }, reason: 'docker answers' });
  });

  it('says why those before it were not taken', async () => {
    const choice = await chooseRuntime([noDocker, fakeRuntime('embedded')], undefined, signal);
    expect(choice).toMatchObject({ chosen: { name: 'embedded' }, reason: 'not docker: no daemon answers' });
  });

  it('asks no other than the one that is wanted', async () => {
    const choice = await chooseRuntime([fakeRuntime('docker'), fakeRuntime('embedded')], 'embedded', signal);
    expect(choice).toMatchObject({ chosen: { name: 'embedded' }, reason: '--runtime says so' });
  });

  it('has reasons when there is none', async () => {
    const choice = await chooseRuntime([noDocker, fakeRuntime('embedded')], 'docker', signal);
    expect(choice).toEqual({ reasons: [{ name: 'docker', reason: 'no daemon answers' }] });
  });
});
