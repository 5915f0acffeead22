import { listAt, objectOf, textAt, valueAt } from '../../../../protocol/json.ts';
import type { Json } from '../../../../protocol/mesos.ts';
import { notHonoured, refuseCommand } from './command-fields.ts';

/* Checks and health checks, as src/common/validation.cpp looks at them. */

const title = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export function refuseHealthCheck(check: Json): string | undefined {
  return refuseDetails(check, 'health check', objectOf(check)['command']);
}

export function refuseCheck(check: Json): string | undefined {
  return refuseDetails(check, 'check', valueAt(check, 'command', 'command') as Json | undefined);
}

function refuseDetails(check: Json, what: 'check' | 'health check', command: Json | undefined): string | undefined {
  const { type, command: given, http, tcp } = objectOf(check);
  if (type === undefined) return `${what === 'check' ? 'CheckInfo' : 'HealthCheck'} must specify 'type'`;
  const problem =
    type === 'COMMAND'
      ? given === undefined
        ? `Expecting 'command' to be set for COMMAND ${what}`
        : refuseCheckCommand(command, what)
      : type === 'HTTP'
        ? refuseHttp(http, what)
        : type === 'TCP'
          ? refuseTarget(tcp, `TCP ${what}`, 'tcp')
          : `'${typeof type === 'string' ? type : ''}' is not a valid ${what} type`;
  if (problem !== undefined) return problem;
  const times = ['delay_seconds', 'grace_period_seconds', 'interval_seconds', 'timeout_seconds'];
  const negative = times.find((name) => Number(objectOf(check)[name] ?? 0) < 0);
  return negative === undefined ? undefined : `Expecting '${negative}' to be non-negative`;
}

function refuseCheckCommand(command: Json | undefined, what: string): string | undefined {
  const { value, shell, user, uris } = objectOf(command);
  const kind = shell === false ? "'executable path'" : "'shell command'";
  if (value === undefined) return `Command ${what} must contain ${kind}`;
  const problem =
    refuseCommand(objectOf(command)) ??
    (listAt(command, 'environment', 'variables').some((each) => textAt(each, 'type') === 'SECRET')
      ? notHonoured('secret')
      : undefined) ??
    (user === undefined && uris === undefined ? undefined : notHonoured(user === undefined ? 'uris' : 'user'));
  return problem === undefined ? undefined : `${title(what)}'s \`CommandInfo\` is invalid: ${problem}`;
}

function refuseHttp(http: Json | undefined, what: string): string | undefined {
  const problem = refuseTarget(http, `HTTP ${what}`, 'http');
  if (problem !== undefined) return problem;
  const [scheme = 'http', path = '/'] = [textAt(http, 'scheme'), textAt(http, 'path')];
  if (scheme !== 'http' && scheme !== 'https') return `Unsupported HTTP ${what} scheme: '${scheme}'`;
  return path.startsWith('/') ? undefined : `The path '${path}' of HTTP ${what} must start with '/'`;
}

function refuseTarget(target: Json | undefined, what: string, field: string): string | undefined {
  if (target === undefined) return `Expecting '${field}' to be set for ${what}`;
  return textAt(target, 'protocol') === 'IPv6' ? notHonoured('protocol') : undefined;
}
