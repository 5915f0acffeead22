import { Agent } from 'node:http';
import { connect, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ask, askUntil, balancer, freePort, namedTask, startFakeTask } from './balancer-support.ts';
import { fakeApp, startFakeMarathon } from './fake-marathon.ts';

const is = (status: number) => (answer: { status: number }) => answer.status === status;

describe('the load balancer', () => {
  it('takes healthy tasks in turn, also for one client that keeps its connection', async () => {
    const { marathon } = await balancer();
    const port = await freePort();
    const tasks = [await namedTask('a'), await namedTask('b')];
    marathon.set([fakeApp({ id: '/web', servicePort: port, tasks })]);
    const url = `http://127.0.0.1:${port}/`;
    await askUntil(url, is(200));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const answers: string[] = [];
    for (let request = 0; request < 6; request++) answers.push((await ask(url, { agent })).text);
    agent.destroy();
    expect(answers.sort()).toEqual(['a', 'a', 'a', 'b', 'b', 'b']);
  });

  it('answers 503 while there is no task, and serves as soon as there is one', async () => {
    const { marathon, log } = await balancer();
    const port = await freePort();
    marathon.set([fakeApp({ id: '/web', servicePort: port, tasks: [] })]);
    const url = `http://127.0.0.1:${port}/`;
    expect((await askUntil(url, is(503))).text).toContain('503 Service Unavailable');
    marathon.set([fakeApp({ id: '/web', servicePort: port, tasks: [await namedTask('a')] })]);
    await askUntil(url, is(200));
    expect(log()).toContain(`service port ${port}: 1 task of /web`);
  });

  it('tries another task when one refuses the connection', async () => {
    const { marathon, component } = await balancer();
    const port = await freePort();
    const dead = await freePort();
    marathon.set([fakeApp({ id: '/web', servicePort: port, tasks: [dead, await namedTask('alive')] })]);
    const url = `http://127.0.0.1:${port}/`;
    await askUntil(url, is(200));
    for (let request = 0; request < 4; request++) expect((await ask(url, { method: 'POST' }, 'x')).text).toBe('alive');
    const csv = (await ask(`${component.url}/haproxy?stats;csv`)).text;
    expect(
      csv
        .split('\n')
        .find((line) => line.includes(`_${dead},`))
        ?.split(',')[13],
    ).not.toBe('0');
  });

  it('lets what runs end on a task that is scaled away, and sends nothing new there', async () => {
    const { marathon, lines } = await balancer();
    const port = await freePort();
    let finish: (() => void) | undefined;
    const slow = await startFakeTask((_, response) => {
      response.write('begin ');
      finish = () => response.end('end');
    });
    const url = `http://127.0.0.1:${port}/`;
    marathon.set([fakeApp({ id: '/web', servicePort: port, tasks: [slow] })]);
    await askUntilOpen(port);
    const running = ask(url);
    await until(() => finish !== undefined);
    marathon.set([fakeApp({ id: '/web', servicePort: port, tasks: [await namedTask('other')] })]);
    await until(() => lines.includes(`service port ${port}: 1 task of /web`));
    await askUntil(url, ({ text }) => text === 'other');
    finish?.();
    expect((await running).text).toBe('begin end');
  });

  it('closes the port of a deleted app and lets its last answer end', async () => {
    const { marathon, lines } = await balancer();
    const port = await freePort();
    let finish: (() => void) | undefined;
    const slow = await startFakeTask((_, response) => {
      response.write('begin ');
      finish = () => response.end('end');
    });
    marathon.set([fakeApp({ id: '/web', servicePort: port, tasks: [slow] })]);
    await askUntilOpen(port);
    const running = ask(`http://127.0.0.1:${port}/`);
    await until(() => finish !== undefined);
    marathon.set([]);
    await until(() => lines.includes(`service port ${port}: closed (/web)`));
    await expect(ask(`http://127.0.0.1:${port}/`)).rejects.toThrow(/ECONNREFUSED/);
    finish?.();
    expect((await running).text).toBe('begin end');
  });

  it('logs ports that are outside its range or taken, and takes a port over once it is free', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const taken = (holder.address() as { port: number }).port;
    const { marathon, lines } = await balancer({ servicePorts: { first: taken, last: taken } });
    const tasks = [await namedTask('a')];
    const outside = taken === 65_535 ? 1 : taken + 1;
    const apps = [
      fakeApp({ id: '/taken', servicePort: taken, tasks }),
      fakeApp({ id: '/outside', servicePort: outside, tasks }),
    ];
    marathon.set(apps);
    await until(() => lines.some((line) => line.includes('EADDRINUSE')));
    expect(lines.join('\n')).toContain(`service port ${outside} of /outside is not served: it is outside`);
    await new Promise((resolve) => holder.close(resolve));
    marathon.set(apps);
    await askUntil(`http://127.0.0.1:${taken}/`, is(200));
    expect(lines.filter((line) => line.includes('EADDRINUSE'))).toHaveLength(1);
  });

  it('comes back to Marathon after its event stream broke', async () => {
    const { marathon } = await balancer();
    await until(() => marathon.listeners() === 1);
    marathon.hangUp();
    await until(() => marathon.listeners() === 1);
    const port = await freePort();
    marathon.set([fakeApp({ id: '/web', servicePort: port, tasks: [await namedTask('a')] })]);
    await askUntil(`http://127.0.0.1:${port}/`, is(200));
  });

  it('polls a Marathon that has no events, and keeps serving what it knew when Marathon is gone', async () => {
    const { marathon, lines } = await balancer();
    marathon.serveEvents(false);
    marathon.hangUp();
    const port = await freePort();
    marathon.set([fakeApp({ id: '/web', servicePort: port, tasks: [await namedTask('a')] })]);
    await askUntil(`http://127.0.0.1:${port}/`, is(200));
    expect(lines.join('\n')).toMatch(/no events of http:\/\/127.0.0.1:\d+/);
    await marathon.stop();
    let attempts = 0;
    const nobody = createServer((socket) => {
      attempts++;
      socket.destroy();
    }).listen(marathon.port, '127.0.0.1');
    onTestFinished(() => {
      nobody.close();
    });
    await until(() => attempts > 2);
    expect((await ask(`http://127.0.0.1:${port}/`)).text).toBe('a');
  });

  it('goes on to the next Marathon when the first one does not answer', async () => {
    const second = await startFakeMarathon();
    const port = await freePort();
    second.set([fakeApp({ id: '/web', servicePort: port, tasks: [await namedTask('a')] })]);
    await balancer({ marathonUrls: [`http://127.0.0.1:${await freePort()}`, second.url] });
    await askUntil(`http://127.0.0.1:${port}/`, is(200));
    await second.stop();
  });

  it('has statistics as a page and as CSV, a health check and its configuration, and refuses foreign pages', async () => {
    const { marathon, component } = await balancer();
    const port = await freePort();
    const task = await namedTask('a');
    marathon.set([fakeApp({ id: '/web', servicePort: port, tasks: [task] })]);
    await askUntil(`http://127.0.0.1:${port}/`, is(200));
    expect((await ask(`${component.url}/_haproxy_health_check`)).status).toBe(200);
    expect((await ask(`${component.url}/_haproxy_getconfig`)).text).toContain(
      `server 127_0_0_1_${task} 127.0.0.1:${task}`,
    );
    expect((await ask(`${component.url}/haproxy?stats`)).text).toContain(`<h2>web_${port}</h2>`);
    const [header = '', ...rows] = (await ask(`${component.url}/haproxy?stats;csv`)).text.trim().split('\n');
    const column = (row: string | undefined, name: string) =>
      row?.split(',')[header.replace(/^# /, '').split(',').indexOf(name)];
    const [, server] = rows;
    expect(rows.map((row) => row.split(',')[1])).toEqual(['FRONTEND', `127_0_0_1_${task}`, 'BACKEND']);
    expect(['pxname', 'stot', 'hrsp_2xx', 'scur', 'status'].map((name) => column(server, name))).toEqual([
      `web_${port}`,
      '1',
      '1',
      '0',
      'UP',
    ]);
    const foreign = await ask(`${component.url}/haproxy?stats`, { headers: { Host: 'evil.example.com' } });
    expect(foreign.status).toBe(403);
  });

  it('stops with connections open, twice, and leaves no port', async () => {
    const { marathon, component } = await balancer();
    const port = await freePort();
    const silent = await startFakeTask(() => undefined);
    marathon.set([fakeApp({ id: '/web', servicePort: port, tasks: [silent] })]);
    await askUntilOpen(port);
    const running = ask(`http://127.0.0.1:${port}/`).then(
      () => 'answered',
      () => 'broken',
    );
    await component.stop();
    await component.stop();
    expect(await running).toBe('broken');
    await expect(ask(`http://127.0.0.1:${port}/`)).rejects.toThrow(/ECONNREFUSED/);
    await expect(ask(component.url)).rejects.toThrow(/ECONNREFUSED/);
  });

  it('fails to start when the port of its statistics is taken', async () => {
    const { component } = await balancer();
    await expect(balancer({ statsPort: Number(new URL(component.url).port) })).rejects.toThrow(/EADDRINUSE/);
  });
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it never came true');
}

/** Without a request, which would reach the task. */
async function askUntilOpen(port: number): Promise<void> {
  await until(
    () =>
      new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1', () => {
          socket.destroy();
          resolve(true);
        });
        socket.once('error', () => {
          resolve(false);
        });
      }),
  );
}
