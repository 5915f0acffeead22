import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

/*
 * A master for bench/scale/chronos-process.ts, in a process of its own so that only Chronos's processor time counts: it
 * offers AGENTS agents that never fill up when it is asked, and what is launched runs and has finished at once. A job
 * jobN is due at second N % PERIOD of every PERIOD seconds since 1970: from that it knows how late each one was started.
 */

const [agents, period] = process.argv.slice(2).map(Number);
const free = new Set(Array.from({ length: agents }, (_, index) => index));
let lateness = [];
let stream;
let offers = 0;

const send = (...events) =>
  stream.write(
    events
      .map((event) => JSON.stringify(event))
      .map((text) => `${Buffer.byteLength(text)}\n${text}`)
      .join(''),
  );

const scalar = (name, value) => ({ name, type: 'SCALAR', scalar: { value }, role: '*' });
const offerOf = (index) => ({
  id: { value: `${index}-${(offers += 1)}` },
  framework_id: { value: 'F' },
  agent_id: { value: `S${index}` },
  hostname: `agent${index}`,
  resources: [scalar('cpus', 64), scalar('mem', 64_000), scalar('disk', 64_000)],
});

const updates = (task) =>
  ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED'].map((state) => ({
    type: 'UPDATE',
    update: {
      status: {
        ...{ task_id: task.task_id, agent_id: task.agent_id, state, source: 'SOURCE_EXECUTOR', timestamp: 1 },
        uuid: randomBytes(16).toString('base64'),
      },
    },
  }));

function late({ name }) {
  const second = Number(name.replace('ChronosTask:job', '')) % period;
  const periodMs = period * 1000;
  return (((Date.now() - second * 1000) % periodMs) + periodMs) % periodMs;
}

function take(call) {
  for (const { value } of (call.accept ?? call.decline)?.offer_ids ?? []) free.add(Number(value.split('-')[0]));
  if (call.type === 'REVIVE' && free.size > 0) {
    const list = [...free].map(offerOf);
    free.clear();
    send({ type: 'OFFERS', offers: { offers: list } });
  }
  if (call.type !== 'ACCEPT') return;
  const tasks = call.accept.operations.flatMap(({ launch }) => launch.task_infos);
  lateness.push(...tasks.map(late));
  send(...tasks.flatMap(updates));
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
  });
});
process.on('message', (message) => {
  if (message === 'tell') process.send(lateness);
  lateness = [];
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
