import { expect, it } from 'vitest';
import { reportedFlags } from '../../../engine/master/views/reported-flags.ts';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';

it('the flags of a master say in words of Mesos what it was started with', () => {
  const flags = reportedFlags({
    host: '127.0.0.1',
    port: 5050,
    hostname: 'master1',
    cluster: 'lab',
    quorum: 2,
    discovery: inMemoryDiscovery(),
    agentPingTimeoutMs: 3000,
    allocationIntervalMs: 50,
  });
  expect(flags).toMatchObject({
    agent_ping_timeout: '3secs',
    agent_reregister_timeout: '10mins',
    allocation_interval: '50ms',
    cluster: 'lab',
    hostname: 'master1',
    max_agent_ping_timeouts: '5',
    port: '5050',
    quorum: '2',
  });
});
