import type { Placement } from '../../plan/plan.ts';
import type { ClusterSpec } from '../../shape/cluster-spec.ts';
import { addressKind, isIpv6, parseIpv4 } from '../../values/parse-address.ts';
import { frontPorts } from '../../components/marathon-lb.ts';
import { addonsOf, defaultPorts, type Role } from '../../catalogue/roles.ts';
import { showText } from '../../shape/show-value.ts';
import type { SpecPath, SpecProblem } from '../../shape/spec-problem.ts';
import { problem, warning, type Rule } from '../rule.ts';

/** Each published service port costs a process of Docker's; more than this is a typing mistake. */
const widestRange = 1000;
const isPort = (port: number) => Number.isInteger(port) && port >= 1 && port <= 65_535;

/** Each port and the range of service ports by itself, and the address they are published on. */
export const checkPorts: Rule = ({ ports = {}, bind, adopted }, { placement, nodes }) => {
  const { services, offset, ...single } = ports;
  const present = new Set(nodes.flatMap(({ roles }) => roles));
  const absent = (Object.keys(single) as PortKey[]).filter(
    (key) => single[key] !== undefined && !present.has(roleOf(key)),
  );
  return [
    // Of a cluster that runs already `ports` says where: see check-adopted.ts.
    ...(adopted === undefined ? absent.map((key) => nobodyThere(key, present)) : []),
    ...Object.entries(single).flatMap(([role, port]) =>
      port === undefined || isPort(port)
        ? []
        : [
            problem('SPEC_PORT', ['ports', role], `ports.${role} is not a port`, {
              found: String(port),
              allowed: '1 to 65535',
              fix: `Write a port from 1024 to 65535, such as ${usualOf(role as PortKey)}, or remove the key`,
            }),
          ],
    ),
    ...(placement === 'machines' ? [...movedStatistics(ports['marathon-lb']), ...publishedFronts(ports)] : []),
    ...(services === undefined ? [] : servicePorts(services)),
    ...(offset === undefined ? [] : offsetProblems(offset, placement)),
    ...(bind === undefined ? [] : bindProblems(bind, placement)),
  ];
};

/** A key of a single port: that of a role, or one that the load balancer has beside its first. */
type PortKey = Role | (typeof frontPorts)[number]['name'];

const frontOf = (key: PortKey) => frontPorts.find(({ name }) => name === key);
const roleOf = (key: PortKey) => (frontOf(key) === undefined ? (key as Role) : 'marathon-lb');
const usualOf = (key: PortKey) => frontOf(key)?.usual ?? defaultPorts[key as Role];

/** A port of a role that no node has would say nothing. */
function nobodyThere(key: PortKey, present: ReadonlySet<Role>): SpecProblem {
  const role = roleOf(key);
  const [addon] = addonsOf(role);
  return problem('SPEC_PORT', ['ports', key], `ports.${key} moves nothing: the lab has no ${role}`, {
    at: 'key',
    found: key,
    allowed: [...present].join(', ') || 'no port: there are no nodes',
    fix: `Leave it out${addon === undefined ? '' : `, or have one: ${addon} under addons (--addon ${addon})`}`,
  });
}

/** On one host only the published port moves. */
function movedStatistics(port: number | undefined): readonly SpecProblem[] {
  if (port === undefined || !isPort(port) || port === defaultPorts['marathon-lb']) return [];
  return [
    problem('SPEC_PORT', ['ports', 'marathon-lb'], 'The port of marathon-lb cannot be moved with placement machines', {
      found: String(port),
      allowed: `${defaultPorts['marathon-lb']}: Marathon-LB writes it into the configuration of HAProxy`,
      fix: 'Remove the key',
    }),
  ];
}

/** There nothing is published: HAProxy has them on the node. */
function publishedFronts(ports: NonNullable<ClusterSpec['ports']>): readonly SpecProblem[] {
  return frontPorts.flatMap(({ name, usual }) => {
    const port = ports[name];
    if (port === undefined || !isPort(port)) return [];
    return [
      problem('SPEC_COMBINATION', ['ports', name], `ports.${name} publishes a port of a lab on one host`, {
        found: String(port),
        allowed: `ports.${name} with placement one-host: on a machine of its own the port is ${usual}`,
        fix: 'Remove it',
      }),
    ];
  });
}

function servicePorts(text: string): readonly SpecProblem[] {
  const wrong = (message: string, fix = 'Write the first and the last port: 10000-10020') => [
    problem('SPEC_PORT', ['ports', 'services'], message, {
      found: showText(text),
      allowed: `first-last, from 1 to 65535, at most ${widestRange} ports`,
      fix,
    }),
  ];
  const [, first, last] = /^([0-9]{1,5})-([0-9]{1,5})$/.exec(text)?.map(Number) ?? [];
  if (first === undefined || last === undefined) return wrong('The range of service ports does not parse');
  if (!isPort(first) || !isPort(last)) return wrong('The range of service ports leaves 1 to 65535');
  if (first > last) return wrong('The first service port is larger than the last', `Write ${last}-${first}`);
  if (last - first < widestRange) return [];
  return wrong(
    `The range of service ports has ${last - first + 1} ports`,
    `Write ${first}-${Math.min(65_535, first + 20)}`,
  );
}

/** That no port ends up above 65535, the plan shows: see check-plan-ports.ts. */
function offsetProblems(offset: number, placement: Placement): readonly SpecProblem[] {
  const path: SpecPath = ['ports', 'offset'];
  const found = String(offset);
  if (!Number.isInteger(offset) || offset < 0) {
    return [
      problem('SPEC_PORT', path, 'The port offset is not a number of ports', {
        found,
        allowed: 'a whole number from 0',
        fix: 'Write 100, for example, for a second lab on this machine',
      }),
    ];
  }
  if (placement === 'one-host' || offset === 0) return [];
  return [
    problem('SPEC_COMBINATION', path, 'A port offset is for labs on one host: here each node has its own address', {
      found,
      allowed: 'ports.offset with placement one-host',
      fix: 'Remove it; single ports can be moved, with ports.marathon and the like',
    }),
  ];
}

function bindProblems(bind: string, placement: Placement): readonly SpecProblem[] {
  const path: SpecPath = ['bind'];
  const octets = parseIpv4(bind);
  const kind = octets && addressKind(octets);
  const found = showText(bind);
  const allowed = 'an address of this machine: 127.0.0.1 for this machine alone, 0.0.0.0 for everyone';
  if (!octets && !isIpv6(bind)) {
    return [
      problem('SPEC_ADDRESS', path, 'bind is not an IPv4 or IPv6 address', {
        found,
        allowed,
        fix: bind === 'localhost' ? 'Write 127.0.0.1' : 'Write the number, without a name, a port or brackets',
      }),
    ];
  }
  if (
    kind === 'multicast' ||
    kind === 'broadcast' ||
    kind === 'reserved' ||
    (kind === 'unspecified' && bind !== '0.0.0.0')
  ) {
    return [
      problem('SPEC_ADDRESS', path, 'bind is an address that no machine has', {
        found,
        allowed,
        fix: 'Write 127.0.0.1',
      }),
    ];
  }
  if (placement === 'machines') {
    return [
      warning(
        'SPEC_COMBINATION',
        path,
        'bind does nothing with placement machines: each node listens on its own address',
        {
          at: 'key',
          found,
          allowed: 'bind with placement one-host',
          fix: 'Remove it',
        },
      ),
    ];
  }
  if (kind === 'loopback' || /^(?:0*:)*:?0*1$/.test(bind)) return [];
  return [
    warning(
      'SPEC_ADDRESS',
      path,
      `bind ${bind} opens the ports to the network, and Marathon runs commands for anyone who asks`,
      {
        found,
        allowed: '127.0.0.1, unless others must reach the lab',
        fix: 'Write 127.0.0.1, or make sure that a firewall protects this machine',
      },
    ),
  ];
}
