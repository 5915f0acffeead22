import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

/*
 * A master for bench/scale/marathon-process.ts, in a process of its own so that only Marathon's processor time counts:
 * it believes in AGENTS agents that never fill up, offers them every 50 ms as long as somebody wants them, and runs what
 * is launched at once. It says when all tasks are acknowledged, and asks for another app meanwhile, as a user would.
 */

const [agents, tasks] = process.argv.slice(2).map(Number);
const free = new Set(Array.from({ length: agents }, (_, index) => index));
const acknowledgedAt = [];
const waits = [];
let stream;
let offers = 0;
let isWanted = false;
let calls = 0;

const send = (...events) =>
  stream.write(
    events
      .map((event) => JSON.stringify(event))
      .map((text) => `${Buffer.byteLength(text)}\n${text}`)
      .join(''),
  );

function offerOf(index) {
  const scalar = (name, value) => ({ name, type: 'SCALAR', scalar: { value }, role: '*' });
  return {
    id: { value: `${index}-${(offers += 1)}` },
    framework_id: { value: 'F' },
    agent_id: { value: `S${index}` },
    hostname: `agent${index}`,
    attributes: [{ name: 'rack', type: 'TEXT', text: { value: `r${index % 10}` } }],
    resources: [
      ...[scalar('cpus', 64), scalar('mem', 64_000), scalar('disk', 64_000)],
      { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31_000, end: 32_000 }] }, role: '*' },
    ],
  };
}

const updates = (task) =>
  ['TASK_STARTING', 'TASK_RUNNING'].map((state) => ({
    type: 'UPDATE',
    update: {
      status: {
        ...{ task_id: task.task_id, agent_id: task.agent_id, state, source: 'SOURCE_EXECUTOR', timestamp: 1 },
        uuid: randomBytes(16).toString('base64'),
      },
    },
  }));

function take(call) {
  calls += 1;
  for (const { value } of (call.accept ?? call.decline)?.offer_ids ?? []) free.add(Number(value.split('-')[0]));
  if (call.type === 'ACCEPT') send(...call.accept.operations[0].launch.task_infos.flatMap(updates));
  if (call.type === 'SUPPRESS') isWanted = false;
  if (call.type === 'REVIVE') isWanted = true;
  if (call.type !== 'ACKNOWLEDGE') return;
  acknowledgedAt.push(performance.now());
  if (acknowledgedAt.length === 2 * tasks) process.send({ acknowledgedAt, waits, calls });
}

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const call = JSON.parse(Buffer.concat(parts).toString());
    if (call.type !== 'SUBSCRIBE') {
      response.writeHead(202).end();
      take(call);
      return;
    }
    stream = response.writeHead(200, { 'Content-Type': 'application/json', 'Mesos-Stream-Id': 'x' });
    send({ type: 'SUBSCRIBED', subscribed: { framework_id: { value: 'F' }, heartbeat_interval_seconds: 15 } });
    process.send('subscribed');
  });
});
setInterval(() => {
  if (stream === undefined || !isWanted || free.size === 0) return;
  send({ type: 'OFFERS', offers: { offers: [...free].map(offerOf) } });
  free.clear();
}, 50);
process.on('message', async (url) => {
  for (;;) {
    const start = performance.now();
    const answer = await fetch(`${url}/v2/apps/other`).catch(() => process.exit(0));
    await answer.text();
    waits.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
