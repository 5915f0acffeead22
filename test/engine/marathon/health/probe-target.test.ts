import { expect, test } from 'vitest';
import { probeTarget } from '../../../../engine/marathon/health/check-loop.ts';
import type { Instance } from '../../../../engine/marathon/scheduling/instances.ts';
import type { App } from '../../../../protocol/marathon.ts';

const check = { protocol: 'HTTP', path: '/health', timeoutSeconds: 5 } as const;
const instance = (hostPorts: readonly number[], addresses: readonly string[] = ['10.9.0.7']) =>
  ({
    ...{ host: 'agent1', hostPorts },
    ipAddresses: addresses.map((ipAddress) => ({ ipAddress, protocol: 'IPv4' })),
  }) as unknown as Instance;
const appOn = (mode: string, ...portMappings: readonly object[]) =>
  ({ id: '/a', networks: [{ mode }], container: { portMappings } }) as unknown as App;
const placeOf = (...words: Parameters<typeof probeTarget>) => {
  const target = probeTarget(...words);
  return target && `${target.host}:${String(target.port)}`;
};

test('a check of a container in a network that has a name goes to its own address', () => {
  const app = appOn('container', { containerPort: 80 }, { containerPort: 8080 });
  expect(placeOf(instance([]), app, check)).toBe('10.9.0.7:80');
  expect(placeOf(instance([]), app, { ...check, portIndex: 1 })).toBe('10.9.0.7:8080');
  expect(placeOf(instance([]), app, { ...check, port: 81 })).toBe('10.9.0.7:81');
  expect(placeOf(instance([], []), app, check)).toBeUndefined();
});

test('there it asks for the port of the agent at the address of the container, as Marathon does', () => {
  const app = appOn('container', { containerPort: 80, hostPort: 0 });
  expect(placeOf(instance([31_005]), app, check)).toBe('10.9.0.7:31005');
  // Readiness checks go by port assignments, which prefer the agent.
  expect(placeOf(instance([31_005]), app, check, true)).toBe('agent1:31005');
  expect(placeOf(instance([]), appOn('container', { containerPort: 80 }), check, true)).toBe('10.9.0.7:80');
});

test.each([
  ["of Docker's own network", appOn('container/bridge', { containerPort: 80, hostPort: 0 })],
  ['of the network of the agent', { networks: [{ mode: 'host' }], portDefinitions: [{ port: 0 }] } as unknown as App],
])('a check of a task %s goes to the agent', (_, app) => {
  expect(placeOf(instance([31_005]), app, check)).toBe('agent1:31005');
  expect(placeOf(instance([31_005]), app, { ...check, port: 9000 })).toBe('agent1:9000');
});
