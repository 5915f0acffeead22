import { connect } from 'node:net';

const deadlineMs = 2000;

/**
 * The readiness ladder of checks/wait-until-ready.ts, as somebody writes it who has only Compose: every ZooKeeper
 * serves, one master leads and has recovered, all agents are active, Marathon leads its framework, the load balancer
 * serves.
 * @param plan as `plan --json` prints it
 * @returns {() => Promise<boolean>} whether all of it is so
 */
export function probesOf(plan) {
  const components = plan.nodes.flatMap((node) => node.components);
  const portsOf = (role) =>
    components.filter((each) => each.role === role).map(({ ports }) => ports.find((port) => port.published)?.published);
  const [zookeepers, masters, marathons, balancers] = ['zookeeper', 'mesos-master', 'marathon', 'marathon-lb'].map(
    portsOf,
  );
  const agents = components.filter(({ role }) => role === 'mesos-agent').length;
  return async () => {
    try {
      const leader = await leadingMaster(masters);
      const looks = [
        ...zookeepers.map(serves),
        leader === undefined ? false : hasAgents(leader, agents),
        ...marathons.map(hasFramework),
        ...balancers.map((port) => answers(port, '/_haproxy_health_check')),
      ];
      return (await Promise.all(looks)).every(Boolean);
    } catch {
      return false;
    }
  };
}

const get = (port, path, options = {}) =>
  fetch(`http://127.0.0.1:${port}${path}`, { ...options, signal: AbortSignal.timeout(deadlineMs) });
const json = async (port, path) => (await get(port, path)).json();
const answers = async (port, path) => (await get(port, path)).ok;

async function leadingMaster(ports) {
  const metrics = await Promise.all(ports.map((port) => json(port, '/metrics/snapshot')));
  return ports[metrics.findIndex((each) => each['master/elected'] === 1)];
}

/** Only the API says whether the leader has recovered its log: 503 otherwise. */
async function hasAgents(port, wanted) {
  const options = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: '{"type":"GET_AGENTS"}',
  };
  const answer = await get(port, '/api/v1', options);
  if (!answer.ok) return false;
  const { agents = [] } = (await answer.json()).get_agents;
  return agents.filter(({ active }) => active).length === wanted;
}

async function hasFramework(port) {
  const { leader, frameworkId } = await json(port, '/v2/info');
  return Boolean(leader) && Boolean(frameworkId);
}

/** A member without a quorum has no mode. */
function serves(port) {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write('srvr'));
    socket.setTimeout(deadlineMs, () => socket.destroy());
    socket.on('data', (chunk) => (answer += chunk));
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(/^Mode: /m.test(answer)));
  });
}
