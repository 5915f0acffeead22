import { expect, onTestFinished, test } from 'vitest';
import { endOrphans } from '../../../../engine/agent/recovery/orphans.ts';
import { endUnrecovered, newRecoveryToken } from '../../../../engine/agent/recovery/recovery-timeout.ts';
import { startAgent } from '../../../../engine/agent/start-agent.ts';
import { nodeSurvivors } from '../../../../platform/processes/surviving/surviving-process.ts';
import { containerApi, listedIn, shell } from '../containers/container-api.ts';
import { startFakeMaster } from '../fake-master.ts';
import { agentOptions, commandTask, isAlive, stateOf, waitFor, world } from '../running-agent.ts';

test('what outlived its agent is ended with the token of that agent, and not with one of an agent before it', async () => {
  const master = await startFakeMaster({ acknowledges: true });
  const options = agentOptions(master, { recovery: 'reconnect' });
  const { workDir } = options;
  const agent = await startAgent(options, { ...world, survivors: nodeSurvivors });
  onTestFinished(async () => {
    await agent.stop();
    await endOrphans(workDir, world);
    await master.close();
  });
  await waitFor(() => {
    expect(master.registrations).toHaveLength(1);
  });
  master.run(commandTask('t', 'sleep 1000'));
  await stateOf(master, 't', 'TASK_RUNNING');
  const { about, call } = containerApi(() => agent.url);
  await about('LAUNCH_CONTAINER', { value: 'alone' }, shell('sleep 1000'));
  const all = listedIn((await call('GET_CONTAINERS', { show_standalone: true })).body);
  const pids = all.map(({ container_status: status }) => status.executor_pid);
  const [former, token] = [
    await newRecoveryToken(workDir, world.sandboxes),
    await newRecoveryToken(workDir, world.sandboxes),
  ];
  await agent.stop();

  expect(await endUnrecovered(workDir, former, world)).toBe(0);
  expect(pids.map(isAlive)).toEqual([true, true]);
  expect(await endUnrecovered(workDir, token, world)).toBe(1);
  expect(pids.map(isAlive)).toEqual([false, true]);
});
