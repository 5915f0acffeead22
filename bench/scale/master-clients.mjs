import { request } from 'node:http';
import { connect } from 'node:net';

/** Posts a call whose answer never ends, and calls back for each event of it. */
function openStream(url, call, onEvent) {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json' };
    const sent = request(url, { method: 'POST', agent: false, headers }, (response) => {
      let left = Buffer.alloc(0);
      response.on('data', (chunk) => {
        left = left.length === 0 ? chunk : Buffer.concat([left, chunk]);
        for (;;) {
          const end = left.indexOf(10);
          if (end < 0) return;
          const next = end + 1 + Number(left.toString('latin1', 0, end));
          if (left.length < next) return;
          onEvent(JSON.parse(left.toString('utf8', end + 1, next)));
          left = left.subarray(next);
        }
      });
      response.on('error', () => undefined);
      response.on('close', () => onEvent({ type: 'CLOSED' }));
      resolve({ streamId: response.headers['mesos-stream-id'], close: () => sent.destroy() });
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(call));
  });
}

/** Sent on one connection before the first is answered. */
const maxUnanswered = 32;

/** A connection on which calls are sent without waiting for the answer of each. */
function pipeline(url, path, headers = {}) {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n${more.join('')}`;
  let waiting = [];
  let unanswered = 0;
  let rest = '';
  const flush = () => {
    const now = waiting.splice(0, maxUnanswered - unanswered);
    unanswered += now.length;
    if (now.length > 0) socket.write(now.join(''));
  };
  socket.on('error', () => undefined);
  socket.setEncoding('latin1').on('data', (text) => {
    // Answers to calls have no body.
    const answers = (rest + text).split('\r\n\r\n');
    rest = answers.pop();
    unanswered -= answers.length;
    const refused = answers.find((answer) => !answer.startsWith('HTTP/1.1 202'));
    if (refused !== undefined) throw new Error(`${path}: ${refused}`);
    flush();
  });
  return {
    send: (call) => {
      const body = JSON.stringify(call);
      waiting.push(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
      if (unanswered < maxUnanswered) flush();
    },
    close: () => {
      waiting = [];
      socket.destroy();
    },
  };
}

const scalar = (name, value) => ({ name, type: 'SCALAR', scalar: { value } });

/** A framework that launches so many tasks with each offer, as long as there are any to launch. */
export async function startFramework(url, { perOffer, onRunning, onOffers, onClosed }) {
  let frameworkId;
  let calls;
  // Behind ten thousand launches they would come so late that agents send their updates again.
  let acknowledgements;
  let wanted = 0;
  let launched = 0;
  const offers = [];
  const accept = () => {
    while (offers.length > 0 && wanted > launched) {
      const { id, agent_id } = offers.pop();
      const count = Math.min(perOffer, wanted - launched);
      const task_infos = Array.from({ length: count }, () => {
        const value = `app.${launched++}`;
        const port = 31_000 + (launched % 1000);
        return {
          ...{ name: 'app', task_id: { value }, agent_id, command: { shell: true, value: 'sleep 1000' } },
          resources: [
            ...[scalar('cpus', 0.1), scalar('mem', 32)],
            { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: port, end: port }] } },
          ],
          labels: { labels: [{ key: 'team', value: 'a' }] },
        };
      });
      const operations = [{ type: 'LAUNCH', launch: { task_infos } }];
      const filters = { refuse_seconds: 3600 };
      calls.send({ ...frameworkId, type: 'ACCEPT', accept: { offer_ids: [id], operations, filters } });
    }
  };
  let subscribed;
  const isSubscribed = new Promise((resolve) => (subscribed = resolve));
  const info = { user: 'root', name: 'bench', failover_timeout: 3600, capabilities: [{ type: 'PARTITION_AWARE' }] };
  const call = { type: 'SUBSCRIBE', subscribe: { framework_info: info } };
  const stream = await openStream(`${url}/api/v1/scheduler`, call, (event) => {
    if (event.type === 'SUBSCRIBED') {
      frameworkId = { framework_id: event.subscribed.framework_id };
      subscribed();
    } else if (event.type === 'OFFERS') {
      offers.push(...event.offers.offers);
      onOffers(event.offers.offers.length);
      accept();
    } else if (event.type === 'UPDATE') {
      const { agent_id, task_id, uuid, state } = event.update.status;
      if (uuid !== undefined)
        acknowledgements.send({ ...frameworkId, type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id, uuid } });
      onRunning(state);
    } else if (event.type === 'CLOSED') onClosed?.();
  });
  await isSubscribed;
  [calls, acknowledgements] = [0, 1].map(() =>
    pipeline(url, '/api/v1/scheduler', { 'Mesos-Stream-Id': stream.streamId }),
  );
  return {
    launch: (count) => {
      wanted += count;
      accept();
    },
    reconcile: () => {
      calls.send({ ...frameworkId, type: 'RECONCILE', reconcile: { tasks: [] } });
    },
    close: () => {
      calls.close();
      acknowledgements.close();
      stream.close();
    },
  };
}

/** Times of one answer in ms, and its size. */
export function timeGet(url) {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    request(url, { agent: false }, (response) => {
      let bytes = 0;
      let firstMs;
      response.on('data', (chunk) => {
        firstMs ??= performance.now() - start;
        bytes += chunk.length;
      });
      response.on('end', () => resolve({ firstMs, wholeMs: performance.now() - start, mb: bytes / 1e6 }));
      response.on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}
