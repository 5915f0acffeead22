// A framework for Mesos: it is to run three tasks, and go. Its argument is the URL of a master.
const [first = process.env.MESOS_MASTER] = process.argv.slice(2);
const framework_info = { user: 'root', name: 'learn-framework', failover_timeout: 30 };
const needed = { cpus: 0.1, mem: 16 };
const wanted = 3;
const patienceMs = 15_000;

let url = new URL('/api/v1/scheduler', first);
let framework_id; // who we are, as the master says
let streamId; // the stream of events that our calls belong to
let launched = 0;
let finished = 0;

function post(call, headers = {}) {
  const body = JSON.stringify({ framework_id, ...call });
  const json = { 'Content-Type': 'application/json', Accept: 'application/json' };
  return fetch(url, { method: 'POST', headers: { ...json, ...headers }, body });
}

async function call(type, details = {}) {
  const answer = await post({ type, ...details }, { 'Mesos-Stream-Id': streamId });
  if (answer.status !== 202) throw new Error(`${type}: ${answer.status} ${await answer.text()}`);
}

/** RecordIO: the length of a record in bytes, a line feed, the record. A chunk may end anywhere in it. */
async function* recordsOf(stream) {
  let bytes = Buffer.alloc(0);
  for await (const chunk of stream) {
    bytes = Buffer.concat([bytes, chunk]);
    for (let start; (start = bytes.indexOf('\n') + 1) > 0;) {
      const end = start + Number(bytes.subarray(0, start));
      if (bytes.length < end) break;
      yield JSON.parse(bytes.subarray(start, end).toString());
      bytes = bytes.subarray(end);
    }
  }
}

const amount = ({ resources }, name) => resources.find((each) => each.name === name)?.scalar.value ?? 0;

async function onOffer(offer) {
  console.log(`offered: cpus ${amount(offer, 'cpus')}, mem ${amount(offer, 'mem')} of ${offer.hostname}`);
  const isEnough = Object.entries(needed).every(([name, value]) => amount(offer, name) >= value);
  // TODO 1: if all tasks are launched, or the offer is too small, DECLINE it for 5 seconds, and return:
  //   { offer_ids: [offer.id], filters: { refuse_seconds: 5 } }
  // TODO 2: else count one in `launched`, and ACCEPT the offer with one operation of type LAUNCH:
  //   { offer_ids: [offer.id], operations: [{ type: 'LAUNCH', launch: { task_infos: [task] } }] }
  // A task has a name, a task_id { value: 'task-1' } that no other one has, the agent_id of the offer, a command
  // { value: 'echo this is my task; sleep 1' }, and of the resources those that it needs, each
  //   { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } }
}

async function onUpdate({ agent_id, task_id, state, uuid, message = '' }) {
  console.log(`${task_id.value} is ${state} ${message}`);
  // TODO 3: if the update has a uuid, ACKNOWLEDGE it: { agent_id, task_id, uuid }
  if (state === 'TASK_FINISHED') finished += 1;
}

function end() {
  console.log(`${finished} of ${wanted} tasks have finished`);
  process.exit();
}

const answer = await post({ type: 'SUBSCRIBE', subscribe: { framework_info } });
if (answer.status !== 200) throw new Error(`SUBSCRIBE: ${answer.status} ${await answer.text()}`);
url = answer.url; // of the leading master: the others redirect to it
streamId = answer.headers.get('Mesos-Stream-Id');
setTimeout(() => call('TEARDOWN').then(end), patienceMs);
for await (const { type, subscribed, offers, update, error } of recordsOf(answer.body)) {
  if (type === 'SUBSCRIBED') console.log('subscribed as', (framework_id = subscribed.framework_id).value);
  else if (type === 'OFFERS') for (const offer of offers.offers) await onOffer(offer);
  else if (type === 'UPDATE') await onUpdate(update.status);
  else if (type === 'ERROR') throw new Error(error.message);
  if (finished === wanted) await call('TEARDOWN').then(end);
}
end(); // the master has ended the stream
