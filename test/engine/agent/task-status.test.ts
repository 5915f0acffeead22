import { expect, test } from 'vitest';
import { taskStatus, type ReportedTask } from '../../../engine/agent/tasks/task-status.ts';

const never = new Promise<undefined>(() => undefined);
const docker = { image: 'web', network: 'USER' } as const;
const record = (container?: object, ipAddress?: string) =>
  ({
    ...{ agentId: 'S0', containerId: 'c', task: { task_id: { value: 't' }, ...(container && { container }) } },
    running: { ended: never, kill: () => undefined, ...(ipAddress !== undefined && { ipAddress }) },
  }) as unknown as ReportedTask;
const status = (...words: Parameters<typeof record>) => taskStatus(record(...words), 'TASK_RUNNING', '10.0.0.1');

test('a container in a network that has a name tells the address that it has there, in both ways of Mesos', () => {
  const container = { type: 'DOCKER', docker, network_infos: [{ name: 'apps', ip_addresses: [{ protocol: 'IPv4' }] }] };
  expect(status(container, '10.9.0.7')).toMatchObject({
    labels: { labels: [{ key: 'Docker.NetworkSettings.IPAddress', value: '10.9.0.7' }] },
    container_status: {
      network_infos: [{ name: 'apps', ip_addresses: [{ protocol: 'IPv4', ip_address: '10.9.0.7' }] }],
    },
  });
});

test('a task in the network of its agent has the address of the agent, and no label', () => {
  for (const told of [status(), status({ type: 'DOCKER', docker: { ...docker, network: 'HOST' } })]) {
    expect(told).toMatchObject({
      container_status: { network_infos: [{ ip_addresses: [{ ip_address: '10.0.0.1' }] }] },
    });
    expect(told).not.toHaveProperty('labels');
  }
});

test('the label is of running tasks alone', () => {
  const container = { type: 'DOCKER', docker };
  expect(taskStatus(record(container, '10.9.0.7'), 'TASK_KILLED', '10.0.0.1')).not.toHaveProperty('labels');
});
