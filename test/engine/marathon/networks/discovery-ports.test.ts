import { expect, test } from 'vitest';
import { parseApp } from '../../../../engine/marathon/apps/app-changes.ts';
import { buildTask } from '../../../../engine/marathon/scheduling/build-task.ts';
import type { Offer } from '../../../../protocol/mesos.ts';

const offer = { agent_id: { value: 'S' }, hostname: 'agent1' } as unknown as Offer;

/** The ports that Mesos is told for discovery, each as its number, protocol and scope. */
function discovered(networks: readonly object[], portMappings: readonly object[], hostPorts: readonly number[] = []) {
  const container = { type: 'MESOS', docker: { image: 'i' }, portMappings };
  const given = { id: '/x', cpus: 0.1, mem: 16, networks, container };
  const app = { ...parseApp(given as never, ''), version: '', versionInfo: {} } as unknown as Parameters<
    typeof buildTask
  >[0];
  const { discovery } = buildTask(app, 't', offer, [], hostPorts);
  return (discovery as unknown as Discovery).ports.ports.map(({ number, protocol, labels }) => {
    const values = Object.fromEntries(labels.labels.map(({ key, value }) => [key, value]));
    return [number, protocol, values['network-scope'], values['network-name']].join(' ').trim();
  });
}

interface Discovery {
  readonly ports: {
    readonly ports: readonly {
      readonly number: number;
      readonly protocol: string;
      readonly labels: { readonly labels: readonly { readonly key: string; readonly value: string }[] };
    }[];
  };
}

const [blue, green] = [
  { mode: 'container', name: 'blue' },
  { mode: 'container', name: 'green' },
];

test('a port of the container alone is told with the network that it is in', () => {
  expect(discovered([blue], [{ containerPort: 80 }])).toEqual(['80 tcp container blue']);
});

test('with several protocols and networks it is told for each of both', () => {
  expect(discovered([blue, green], [{ containerPort: 53, protocol: 'udp,tcp' }])).toEqual([
    ...['53 udp container blue', '53 udp container green'],
    ...['53 tcp container blue', '53 tcp container green'],
  ]);
  expect(discovered([blue, green], [{ containerPort: 80, networkNames: ['green'] }])).toEqual([
    '80 tcp container green',
  ]);
});

test('a port that the agent has, too, is told as one of the agent', () => {
  expect(discovered([blue], [{ containerPort: 80, hostPort: 0 }], [31_005])).toEqual(['31005 tcp host']);
});
