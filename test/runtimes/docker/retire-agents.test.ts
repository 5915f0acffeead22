import { describe, expect, it } from 'vitest';
import { retireAgents } from '../../../runtimes/docker/agents/retire-agents.ts';
import { dockerEngine } from '../../../runtimes/docker/docker-engine.ts';
import { planOf } from '../embedded/plan-of.ts';
import { ended } from './fake-docker.ts';
import { recordingReporter } from '../start-options.ts';
import { fakeLab } from './fake-lab.ts';

/** A lab that runs two agents, of which one goes. */
async function labWithOneLess() {
  const lab = await fakeLab();
  const services = ['agent1', 'agent2', 'agent2-docker', 'agent2-node'];
  lab.docker.answers.push([
    ' up ',
    () => {
      if (lab.docker.containers.length === 0) lab.docker.containers.push(...services.map((id) => lab.container(id)));
      return [];
    },
  ]);
  const { runtime, directory, options } = lab;
  await (await runtime.start({ directory }, options)).keep();
  const plan = await planOf({ preset: 'single', counts: { agents: 1 } });
  const before = lab.docker.asked.length;
  const scale = async () => {
    await (await runtime.start({ directory }, { ...options, plan })).keep();
    return lab.docker.asked.slice(before);
  };
  return { ...lab, scale };
}

const agent2 = /^docker (?:update|kill|wait) /;

describe('an agent that a lab has no more', () => {
  it('is told to unregister before Compose removes it, cannot come back, and nobody else is', async () => {
    const { scale } = await labWithOneLess();
    const asked = await scale();
    expect(asked.filter((command) => agent2.test(command))).toEqual([
      'docker update --restart no id-agent2',
      'docker kill --signal SIGUSR1 id-agent2',
      'docker wait id-agent2',
    ]);
    const place = (part: string) => asked.findIndex((command) => command.includes(part));
    expect(place('docker wait')).toBeLessThan(place(' up --detach'));
  });

  it('that does not end is removed all the same, which is said', async () => {
    const { docker, scale, tell } = await labWithOneLess();
    docker.answers.push(['docker wait', { kind: 'stopped' }]);
    expect((await scale()).some((command) => command.includes(' up --detach'))).toBe(true);
    expect(tell.told.join('\n')).toContain('Not every agent has unregistered');
  });

  it('has one deadline, whatever takes the time before it', async () => {
    let now = 0;
    const given: (number | undefined)[] = [];
    const engine = dockerEngine({
      runCommand: (_, __, { timeoutMs }) => {
        given.push(timeoutMs);
        now += 4000;
        return Promise.resolve(ended(0));
      },
      ...{ env: {}, cwd: '/', signal: new AbortController().signal },
    });
    const agent = {
      ...{ id: 'agent1', containerId: 'id-agent1', name: 'lab-agent1-1', node: 'agent1', role: 'mesos-agent' },
      ...{ state: 'running', detail: 'Up', image: 'mesos', lab: 'lab', directory: '/lab', composeFile: '/lab/f.yml' },
    };
    await retireAgents(engine, [agent], { clock: { now: () => now }, tell: recordingReporter() });
    expect(given).toEqual([10_000, 6000, 2000]);
  });

  it('that does not run is not told anything', async () => {
    const { docker, scale, container } = await labWithOneLess();
    docker.containers.splice(1, 1, container('agent2', { state: 'exited' }));
    docker.answers.push(['docker kill', ended(1)]);
    expect((await scale()).filter((command) => agent2.test(command))).toEqual([]);
  });
});
