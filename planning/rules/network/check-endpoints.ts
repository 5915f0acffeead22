import { isIpv6 } from '../../values/parse-address.ts';
import { showText } from '../../shape/show-value.ts';
import type { SpecProblem } from '../../shape/spec-problem.ts';
import { problem, type Rule } from '../rule.ts';

const allowed = 'ssh://user@host, unix:///path/to/docker.sock, tcp://host:2376 (with TLS), or context:NAME';

/** Where the nodes' Docker Engines are. None may look like an option to the programs that get it. */
export const checkEndpoints: Rule = ({ nodes = [] }, { placement }) =>
  nodes.flatMap(({ docker }, index): readonly SpecProblem[] => {
    if (docker === undefined) return [];
    const path = ['nodes', index, 'docker'];
    if (placement === 'one-host') {
      return [
        problem('SPEC_COMBINATION', path, 'A node of placement one-host has an Engine of its own', {
          at: 'key',
          found: showText(docker),
          allowed: 'no docker: everything runs on the one Engine of this machine',
          fix: 'Remove it, or set placement: machines',
        }),
      ];
    }
    const fault = endpointFault(docker);
    return fault
      ? [problem('SPEC_VALUE', path, fault.message, { found: showText(docker), allowed, fix: fault.fix })]
      : [];
  });

interface Fault {
  readonly message: string;
  readonly fix: string;
}

function endpointFault(endpoint: string): Fault | undefined {
  const [, scheme, rest = ''] = /^(ssh|unix|tcp):\/\/(.*)$/s.exec(endpoint) ?? /^(context):(.*)$/s.exec(endpoint) ?? [];
  switch (scheme) {
    case 'ssh':
      return sshFault(rest);
    case 'unix':
      return /^(?:\/(?!\.{1,2}(?:\/|$))[\w.@+-]+)+$/.test(rest)
        ? undefined
        : {
            message: 'The path of a Docker socket does not parse',
            fix: 'Write an absolute path: unix:///var/run/docker.sock',
          };
    case 'tcp':
      return tcpFault(rest);
    case 'context':
      // docker/cli: names of contexts.
      return /^[A-Za-z0-9][\w.+-]+$/.test(rest)
        ? undefined
        : {
            message: 'The name of a Docker context does not parse',
            fix: 'Write a name of `docker context ls`: context:NAME',
          };
    default:
      return {
        message: 'The place of a Docker Engine does not parse',
        fix: 'Start it with ssh://, unix://, tcp:// or context:',
      };
  }
}

function sshFault(rest: string): Fault | undefined {
  const [, user, host = '', port] = /^(?:([^@/]*)@)?(\[[^\]]*\]|[^:/@]*)(?::([0-9]*))?\/?$/.exec(rest) ?? [];
  if (user?.includes(':') === true) {
    const login = `${user.replace(/:.*$/s, '')}@${host}`;
    const at = port === undefined ? login : `${login}:${port}`;
    return {
      message: 'The place of a Docker Engine holds a password',
      fix: `Use a key: write ssh://${at}, and ${copyId(login, port)} has your key let in; passwords are never written to files`,
    };
  }
  const right = isHost(host) && isOptionalPort(port) && (user === undefined || /^[A-Za-z0-9_][\w.-]*$/.test(user));
  return right
    ? undefined
    : { message: 'The host of a Docker Engine does not parse', fix: 'Write ssh://user@host or ssh://user@host:22' };
}

function tcpFault(rest: string): Fault | undefined {
  const [, host = '', port] = /^(\[[^\]]*\]|[^:/@]*)(?::([0-9]*))?\/?$/.exec(rest) ?? [];
  if (!isHost(host) || port === undefined || !isOptionalPort(port)) {
    return {
      message: 'The host of a Docker Engine does not parse',
      fix: 'Write tcp://host:2376, without a user or a path',
    };
  }
  if (Number(port) !== 2375) return undefined;
  return {
    message: 'Port 2375 is Docker without TLS: whoever reaches it is root on that machine',
    fix: `Write ssh://${host}, or set up TLS and write tcp://${host}:2376`,
  };
}

const copyId = (login: string, port: string | undefined) =>
  `ssh-copy-id ${port === undefined ? '' : `-p ${port} `}${login}`;

/** A host name, an IPv4 address, or an IPv6 address in brackets. */
function isHost(host: string): boolean {
  if (host.startsWith('[')) return isIpv6(host.slice(1, -1));
  return host.length <= 253 && host.split('.').every((label) => /^[A-Za-z0-9](?:[\w-]{0,61}[A-Za-z0-9])?$/.test(label));
}

const isOptionalPort = (port: string | undefined) =>
  port === undefined || (/^[0-9]{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535);
