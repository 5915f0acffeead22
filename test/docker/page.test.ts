import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyMessage, emptyPicture, type Picture } from '../../pages/picture/picture.ts';
import type { Message } from '../../pages/picture/tables.ts';
import { SseDecoder } from '../../protocol/server-sent-events.ts';
import { requireTool } from '../support/require-tool.ts';
import { dockerLab, localImages, upAndVerified, type DockerLab } from './support/docker-lab.ts';
import type { StartedRun } from './support/lab-run.ts';
import { untilTrue } from './support/until.ts';

const waitMs = 60_000;
const hasDocker = requireTool('Docker Engine', ['docker', 'info']);

/** What a browser that has the page open knows. */
function open(url: URL, signal: AbortSignal): { readonly picture: () => Picture } {
  let picture = emptyPicture;
  const follow = async () => {
    const answer = await fetch(new URL('/page/changes', url), { signal });
    const decoder = new SseDecoder();
    for await (const chunk of answer.body ?? []) {
      for (const { name, data } of decoder.push(Buffer.from(chunk as Uint8Array)))
        if (name !== 'heartbeat') picture = applyMessage(picture, JSON.parse(data) as Message);
    }
  };
  follow().catch(() => undefined);
  return { picture: () => picture };
}

describe.skipIf(!hasDocker)('the page of a lab on Docker', () => {
  const ending = new AbortController();
  let lab: DockerLab;
  let served: StartedRun | undefined;
  let url: URL;
  let page: ReturnType<typeof open>;
  beforeAll(async () => {
    lab = await dockerLab({
      preset: 'single',
      counts: { masters: 3, agents: 2 },
      agentDocker: 'socket',
      timing: 'fast',
    });
    await upAndVerified(lab);
    const started = lab.start('page', '--json');
    served = started;
    await started.says('#token=');
    url = new URL((JSON.parse(started.said()) as { readonly url: string }).url);
    page = open(url, ending.signal);
  });
  afterAll(async () => {
    ending.abort();
    served?.interrupt();
    await served?.ended;
    await lab.remove();
  });

  const components = () => page.picture().components;
  const leader = () => [...components()].find(([id, { state }]) => id.startsWith('master') && state === 'leads')?.[0];
  const create = (app: object, token?: string) =>
    fetch(new URL('/page/marathon/v2/apps', url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(token === undefined ? {} : { 'X-Page-Token': token }) },
      body: JSON.stringify(app),
    });

  it('shows its agents, its components with their links, and who leads', async () => {
    await untilTrue('agents', waitMs, () => page.picture().agents.size === 2);
    await untilTrue('a leader', waitMs, () => leader() !== undefined);
    const up = [...components()].filter(([, { isUp }]) => isUp).map(([, { role }]) => role);
    expect(up.toSorted()).toEqual([
      ...['marathon', 'marathon-lb', 'mesos-agent', 'mesos-agent'],
      ...['mesos-master', 'mesos-master', 'mesos-master', 'zookeeper'],
    ]);
    const { url: link = '' } = components().get('agent1') ?? {};
    expect((await fetch(link)).status).toBe(200);
  });

  it('deploys for who has the token, and shows what a container of it writes', async () => {
    const container = { type: 'DOCKER', docker: { image: localImages.build.base } };
    const app = { id: '/talker', cmd: 'echo said by a container; sleep 1000', cpus: 0.1, mem: 32, container };
    expect((await create(app)).status).toBe(403);
    expect((await create(app, url.hash.slice('#token='.length))).status).toBe(201);
    const task = () =>
      [...page.picture().tasks].find(([, { name, state }]) => name === 'talker' && state === 'TASK_RUNNING');
    await untilTrue('running', waitMs, () => task() !== undefined);
    const query = new URLSearchParams({ task: task()?.[0] ?? '', file: 'stdout', offset: '0' }).toString();
    await untilTrue('what it writes', waitMs, async () => {
      const { data = '' } = (await (await fetch(new URL(`/page/file?${query}`, url))).json()) as { data?: string };
      return Buffer.from(data, 'base64').toString().includes('said by a container');
    });
  });

  it('follows the next leader, and the one that was killed when it is back', async () => {
    const first = leader() ?? '';
    expect((await lab.run('kill', first)).status).toBe(0);
    await untilTrue('another leader', waitMs, () => ![undefined, first].includes(leader()));
    await untilTrue('followed', waitMs, () => page.picture().sources.get('master')?.state === 'following');
    expect((await lab.run('start', first)).status).toBe(0);
    await untilTrue('back', waitMs, () => components().get(first)?.state === 'stands by');
  });
});
