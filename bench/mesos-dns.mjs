import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'dns-packet';
import { tell } from './measure.mjs';

/* What an answer of Mesos-DNS costs when it knows many tasks, and how long a change takes to be seen: the program of the lite set. */

const count = 10_000;
const queries = 100_000;
/** Under way at the same time. */
const window = 64;
const ticksPerSecond = 100;

const task = (index, state = 'TASK_RUNNING') => ({
  ...{
    name: `app-${index}`,
    task_id: { value: `t${index}` },
    framework_id: { value: 'f' },
    agent_id: { value: 'a-S0' },
  },
  ...{ state, statuses: [], resources: [] },
  discovery: {
    visibility: 'FRAMEWORK',
    name: `app-${index}`,
    ports: { ports: [{ number: 31_000, name: 'http', protocol: 'tcp' }] },
  },
});

const record = (event) => {
  const text = JSON.stringify(event);
  return `${Buffer.byteLength(text)}\n${text}`;
};

/** As far as Mesos-DNS asks one. */
async function startMaster() {
  const streams = [];
  const get_state = {
    get_tasks: { tasks: Array.from({ length: count }, (_, index) => task(index)) },
    get_agents: { agents: [{ agent_info: { id: { value: 'a-S0' } }, pid: 'slave(1)@10.0.0.1:5051' }] },
    get_frameworks: {
      frameworks: [{ framework_info: { id: { value: 'f' }, name: 'marathon', hostname: '10.0.0.2' } }],
    },
  };
  const server = createServer((request, response) => {
    if (request.url !== '/api/v1') return response.end('{}');
    response.write(record({ type: 'SUBSCRIBED', subscribed: { get_state } }));
    return streams.push(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    authority: `127.0.0.1:${server.address().port}`,
    send: (event) => streams.forEach((stream) => stream.write(record(event))),
    stop: () => server.close().closeAllConnections(),
  };
}

async function freePort() {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

const cpuMsOf = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
};

/** Resolves when `total` answers have come; one is asked for when one has come. */
function askAll(port, questions, total) {
  const socket = createSocket('udp4');
  let [sent, received] = [0, 0];
  const next = () => sent < total && socket.send(questions[sent++ % questions.length], port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.on('message', () => {
      received += 1;
      if (received < total) return next();
      socket.close();
      return resolve();
    });
    for (let index = 0; index < Math.min(window, total); index += 1) next();
  });
}

const question = (name, type) => encode({ type: 'query', id: 1, questions: [{ name, type }] });

/** Asks until a name has so many answers. */
async function untilAnswers(port, name, wanted) {
  const socket = createSocket('udp4');
  for (;;) {
    socket.send(question(name, 'A'), port, '127.0.0.1');
    const answer = await once(socket, 'message', { signal: AbortSignal.timeout(100) }).catch(() => undefined);
    if (answer?.[0].readUInt16BE(6) === wanted) break;
  }
  socket.close();
}

/** @param {string} program the built bundle */
export async function mesosDnsFigures(program) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-dns-'));
  const [master, port, httpport] = [await startMaster(), await freePort(), await freePort()];
  const local = { listener: '127.0.0.1', httplistener: '127.0.0.1', port, httpport, externalon: false };
  writeFileSync(join(folder, 'c.json'), JSON.stringify({ ...local, masters: [master.authority] }));
  const child = spawn(process.execPath, [program, '__component', 'mesos-dns', `-config=${folder}/c.json`], {
    stdio: 'ignore',
  });
  try {
    await untilAnswers(port, 'app-1.marathon.mesos', 1);
    const questions = Array.from({ length: 2000 }, (_, index) =>
      index % 2 === 0
        ? question(`app-${index}.marathon.mesos`, 'A')
        : question(`_app-${index}._tcp.marathon.mesos`, 'SRV'),
    );
    tell(`Mesos-DNS: ${queries} queries`);
    await askAll(port, questions, 10_000);
    const before = cpuMsOf(child.pid);
    await askAll(port, questions, queries);
    const perQuery = ((cpuMsOf(child.pid) - before) * 1000) / queries;
    const startedAt = performance.now();
    master.send({ type: 'TASK_ADDED', task_added: { task: task('new') } });
    await untilAnswers(port, 'app-new.marathon.mesos', 1);
    return [
      // 10,000 a second on one core are 100 each.
      { name: `an answer, ${count} tasks`, value: perQuery, unit: 'us CPU', target: 100 },
      { name: 'a change is seen after', value: performance.now() - startedAt, unit: 'ms', target: 2000 },
    ];
  } finally {
    child.kill('SIGKILL');
    master.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
