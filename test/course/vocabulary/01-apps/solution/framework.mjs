/* Subscribes, and leaves again: a framework that the master then knows as one that has ended. */
const call = {
  type: 'SUBSCRIBE',
  subscribe: {
    framework_info: { user: 'root', name: 'learn-framework', roles: ['*'], capabilities: [{ type: 'MULTI_ROLE' }] },
  },
};
const url = `${process.env.MESOS_MASTER}/api/v1/scheduler`;
const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
const leaving = new AbortController();
const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(call), signal: leaving.signal });
const { value } = await answer.body.getReader().read();
const [, id] = /"framework_id":\{"value":"([^"]+)"/.exec(new TextDecoder().decode(value));
const stream = answer.headers.get('Mesos-Stream-Id');
const body = JSON.stringify({ type: 'TEARDOWN', framework_id: { value: id } });
const ended = await fetch(url, { method: 'POST', headers: { ...headers, 'Mesos-Stream-Id': stream }, body });
leaving.abort();
process.exitCode = ended.status === 202 ? 0 : 1;
