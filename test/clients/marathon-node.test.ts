import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { requireTool } from '../support/require-tool.ts';
import { startClientCluster } from './client-cluster.ts';
import { installedPackages } from './installed-packages.ts';

const version = 'marathon-node@1.1.0';

/** What its README shows: apps and groups made, changed, scaled, looked at and destroyed, and the event stream. */
const program = `
const marathon = require('marathon-node')(process.argv[2]);
const until = async (isSo) => { while (!(await isSo())) await new Promise((done) => setTimeout(done, 50)); };
const settled = () => until(async () => (await marathon.deployments.getList()).length === 0);
(async () => {
  const seen = new Set();
  const events = marathon.events.createEventSource({ eventType: ['deployment_success', 'status_update_event'] });
  for (const type of ['deployment_success', 'status_update_event']) events.addEventListener(type, () => seen.add(type));
  await new Promise((done) => (events.onopen = done));
  const app = { id: '/node', cmd: 'sleep 300', cpus: 0.1, mem: 16, instances: 1 };
  await marathon.app.create(app);
  await settled();
  await marathon.app.update('/node', { env: { A: 'b' } });
  await settled();
  await marathon.app.update('/node', { instances: 2 });
  await settled();
  const { app: now } = await marathon.app.getOne('/node');
  const { versions } = await marathon.app.getVersions('/node');
  const { tasks } = await marathon.app.getTasks('/node');
  await marathon.groups.create({ id: '/more', apps: [{ ...app, id: 'inner' }] });
  await settled();
  const group = await marathon.groups.getOne('more');
  await marathon.groups.destroy('more');
  await settled();
  await marathon.app.restart('/node');
  await settled();
  await marathon.app.destroy('/node');
  await settled();
  const { apps } = await marathon.app.getList();
  const info = await marathon.info.get();
  const { leader } = await marathon.leader.get();
  const pong = await marathon.misc.ping();
  const { queue } = await marathon.queue.get();
  events.close();
  console.log(JSON.stringify({
    running: now.tasksRunning, env: now.env, versions: versions.length, tasks: tasks.length, group: group.apps.length,
    apps, name: info.name, leader, pong, queue, seen: [...seen].sort(),
  }));
})().catch((error) => { console.error(error); process.exit(1); });
`;

describe.skipIf(!requireTool(`npm's ${version}`, ['npm', 'view', version, 'version']))('marathon-node', () => {
  test('does with Marathon what its README shows', async () => {
    const { marathon } = await startClientCluster();
    const folder = await installedPackages(version);
    const file = join(folder, 'client.cjs');
    writeFileSync(file, program);
    const { stdout } = await execa(process.execPath, [file, marathon], { cwd: folder, timeout: 60_000 });
    expect(JSON.parse(stdout)).toEqual({
      ...{ running: 2, env: { A: 'b' }, versions: 3, tasks: 2, group: 1, apps: [], name: 'marathon' },
      ...{ leader: new URL(marathon).host, pong: 'pong', queue: [] },
      seen: ['deployment_success', 'status_update_event'],
    });
  });
});
