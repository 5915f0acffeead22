import { expect, test } from 'vitest';
import type { AgentRecord } from '../../../../engine/master/records.ts';
import { noResources, toResources } from '../../../../engine/master/resources.ts';
import { agentText } from '../../../../engine/master/views/view-agent.ts';

const scalar = (value: number) => toResources([{ name: 'cpus', type: 'SCALAR', scalar: { value } }]);

const newAgent = () =>
  ({
    ...{ id: 'S0', total: scalar(4), used: noResources, offered: noResources, tasks: new Set(), offers: new Map() },
    registration: { hostname: 'a', port: 5051, ip: '127.0.0.1', attributes: [], resources: [], version: '1.12.0' },
    ...{ stream: undefined, registeredTime: 0, reregisteredTime: undefined, missedKills: new Map() },
    ...{ missedPings: 0, hasAnsweredPing: true },
  }) as unknown as AgentRecord;

test.each<[string, (agent: AgentRecord) => void, object]>([
  ['has tasks', (agent) => (agent.used = scalar(1)), { used_resources: { cpus: 1 } }],
  ['is offered', (agent) => (agent.offered = scalar(2)), { offered_resources: { cpus: 2 } }],
  ['has more', (agent) => (agent.total = scalar(8)), { resources: { cpus: 8 } }],
  ['is back', (agent) => (agent.stream = {} as AgentRecord['stream']), { active: true }],
  ['was registered again', (agent) => (agent.reregisteredTime = 5000), { reregistered_time: 5 }],
  [
    'says something else of itself',
    (agent) => (agent.registration = { ...agent.registration, hostname: 'b' }),
    { hostname: 'b' },
  ],
])('an agent that %s is shown so, though somebody has looked before', (_what, change, expected) => {
  const agent = newAgent();
  const before = agentText(agent);
  expect(agentText(agent)).toBe(before);
  change(agent);
  expect(agentText(agent)).not.toBe(before);
  expect(JSON.parse(agentText(agent))).toMatchObject(expected);
});
