import { describe, expect, it } from 'vitest';
import type { CommandResult } from '../../../platform/processes/run-command.ts';
import type { CommandWords } from '../../../platform/processes/streaming-commands.ts';
import { dockerEngine } from '../../../runtimes/docker/docker-engine.ts';
import { listedName, loadIntoAgents, type LoadRequest } from '../../../runtimes/docker/agents/load-into-agents.ts';

const ended = (stdout: string, exitCode = 0, stderr = ''): CommandResult => ({
  kind: 'ended',
  exitCode,
  stdout,
  stderr,
});
const signal = new AbortController().signal;

interface FakeDocker {
  /** Images that this machine has. */
  readonly here: readonly string[];
  /** What each agent's Engine has, as `docker image ls` writes it, by its service. */
  readonly agents: Readonly<Record<string, readonly string[]>>;
  readonly fails?: Readonly<Record<string, string>>;
}

/** Copies between fake Engines. */
function loadFake({ here, agents, fails = {} }: FakeDocker, request: Partial<LoadRequest> = {}) {
  const piped: string[] = [];
  const questions: string[] = [];
  const textOf = ({ program, arguments: words }: CommandWords) => [program, ...words].join(' ');
  const engine = dockerEngine({
    env: {},
    cwd: '/',
    signal,
    runCommand: (program, words) => {
      questions.push([program, ...words].join(' '));
      if (words[0] === 'ps')
        return Promise.resolve(
          ended(
            Object.keys(agents)
              .map((name) => `id-${name} ${name}\n`)
              .join(''),
          ),
        );
      if (words[0] === 'image') return Promise.resolve(ended('', here.includes(words.at(-1) ?? '') ? 0 : 1));
      return Promise.resolve(ended(`${(agents[(words[1] ?? '').slice(3)] ?? []).join('\n')}\n`));
    },
  });
  const result = loadIntoAgents(
    {
      engine,
      streams: {
        pipe: (source, targets) => {
          piped.push(`${textOf(source)} > ${targets.map((target) => target.arguments[2]).join(' ')}`);
          return Promise.resolve({
            source: ended(''),
            targets: targets.map((target) => {
              const failure = fails[target.arguments[2] ?? ''];
              return failure === undefined ? ended('') : ended('', 1, failure);
            }),
          });
        },
      },
      cwd: '/',
      signal,
    },
    { project: 'lab', images: ['nginx:1.27'], ...request },
  );
  return { result, piped, questions };
}

describe('images for the agents', () => {
  it('are copied to those that lack them, all at once', async () => {
    const agents = { 'agent1-docker': [], 'agent2-docker': ['nginx:1.27'], 'agent10-docker': ['other:1'] };
    const { result, piped } = loadFake({ here: ['nginx:1.27'], agents });
    expect(await result).toEqual({
      engines: ['agent1-docker', 'agent2-docker', 'agent10-docker'],
      copied: ['nginx:1.27'],
      notHere: [],
    });
    expect(piped).toEqual(['docker save nginx:1.27 > id-agent1-docker id-agent10-docker']);
  });

  it('are not copied when there is nothing to do', async () => {
    const { result, piped } = loadFake({ here: ['nginx:1.27'], agents: { 'agent1-docker': ['nginx:1.27'] } });
    expect((await result).copied).toEqual([]);
    expect(piped).toEqual([]);
  });

  it('are copied again when they may be newer here', async () => {
    const agents = { 'agent1-docker': ['nginx:1.27'] };
    const { result, piped } = loadFake({ here: ['nginx:1.27'], agents }, { always: true });
    expect((await result).copied).toEqual(['nginx:1.27']);
    expect(piped).toHaveLength(1);
  });

  it('that this machine does not have either are named', async () => {
    const { result, piped, questions } = loadFake({ here: [], agents: { 'agent1-docker': [] } });
    expect(await result).toEqual({ engines: ['agent1-docker'], copied: [], notHere: ['nginx:1.27'] });
    expect([piped, questions.some((words) => words.includes('exec'))]).toEqual([[], false]);
  });

  it('are nothing to copy where agents use the Engine of the machine', async () => {
    const { result } = loadFake({ here: ['nginx:1.27'], agents: {} });
    expect(await result).toEqual({ engines: [], copied: [], notHere: [] });
  });

  it('are looked for in the containers of this lab alone', async () => {
    const { result, questions } = loadFake({ here: [], agents: {} });
    await result;
    expect(questions.find((words) => words.startsWith('docker ps'))).toContain(
      '--filter label=com.docker.compose.project=lab --filter label=create-mesos-cluster.role=docker-engine',
    );
  });

  it('that an Engine does not take are told with its words', async () => {
    const agents = { 'agent1-docker': [], 'agent2-docker': [] };
    const fails = { 'id-agent2-docker': 'write /var/lib/docker/x: no space left on device' };
    const { result } = loadFake({ here: ['nginx:1.27'], agents, fails });
    await expect(result).rejects.toMatchObject({
      problems: [
        {
          code: 'COMMAND_FAILED',
          message: 'nginx:1.27 could not be copied to the agents: docker load in agent2-docker failed',
          found: 'write /var/lib/docker/x: no space left on device',
        },
      ],
    });
  });

  it.each([
    ['nginx', 'nginx:latest'],
    ['docker.io/library/nginx:1', 'nginx:1'],
    ['library/nginx:1', 'nginx:1'],
    ['docker.io/mesosphere/marathon:v1', 'mesosphere/marathon:v1'],
    ['registry:5000/web', 'registry:5000/web:latest'],
    ['registry:5000/web:2', 'registry:5000/web:2'],
  ])('called %s are listed as %s', (image, listed) => {
    expect(listedName(image)).toBe(listed);
  });
});
