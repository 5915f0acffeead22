import type { App, HealthCheck } from '../../../protocol/marathon.ts';
import { rule, type BrokenRule } from '../marathon-error.ts';

type Unversioned = Omit<App, 'version' | 'versionInfo'>;

const mesosProtocols: ReadonlySet<string> = new Set(['MESOS_TCP', 'MESOS_HTTP', 'MESOS_HTTPS']);
const marathonProtocols: ReadonlySet<string> = new Set(['HTTP', 'HTTPS', 'TCP']);

/** What is wrong with an app's checks: of health, of readiness, and those that nobody judges. */
export const allCheckErrors = (app: Unversioned): readonly BrokenRule[] => [
  ...healthCheckErrors(app),
  ...checkErrors(app),
  ...rule((app.readinessChecks?.length ?? 0) <= 1, '/readinessChecks', 'has more than 1 elements'),
  ...readinessErrors(app),
];

function healthCheckErrors(app: Unversioned): readonly BrokenRule[] {
  const checks = app.healthChecks ?? [];
  const portCount = (app.container?.portMappings ?? app.portDefinitions ?? []).length;
  const mesosChecks = checks.filter((check) => mesosProtocols.has(check.protocol));
  return [
    ...checks.flatMap((check, index) => [
      ...rule(
        hasValidPort(check, portCount),
        `/healthChecks(${index})`,
        'Health check port indices must address an element of the ports array or container port mappings.',
      ),
      ...rule(
        check.protocol !== 'COMMAND' || check.command !== undefined,
        `/healthChecks(${index})/command`,
        'not defined',
      ),
    ]),
    ...rule(mesosChecks.length <= 1, '/', 'AppDefinition can contain at most one Mesos health check'),
  ];
}

/** Exactly one kind; one with a port names it in one way (Check.scala of Marathon). */
function checkErrors({ check }: Unversioned): readonly BrokenRule[] {
  if (check === undefined) return [];
  const { http, tcp, exec } = check;
  const place = http ?? tcp;
  const kinds = [http, tcp, exec].filter((kind) => kind !== undefined).length;
  return [
    ...rule(kinds === 1, '/check', 'Must specify a single type of check, http, tcp, or exec'),
    ...rule(
      place === undefined || (place.port === undefined) !== (place.portIndex === undefined),
      '/check',
      'Check must specify either a port or a portIndex',
    ),
    ...rule(
      exec === undefined || (exec.command.shell === undefined) !== (exec.command.argv === undefined),
      '/check/exec/command',
      'must be either shell or argv',
    ),
    ...rule(http?.scheme !== 'HTTPS', '/check/http/scheme', 'Only HTTP is currently supported'),
  ];
}

function hasValidPort(check: HealthCheck, portCount: number): boolean {
  if (check.command !== undefined || !marathonProtocols.has(check.protocol)) return true;
  if (check.portIndex !== undefined) return check.portIndex < portCount;
  return check.port !== undefined || portCount === 1;
}

function readinessErrors(app: Unversioned): readonly BrokenRule[] {
  const names = new Set((app.container?.portMappings ?? app.portDefinitions ?? []).map(({ name }) => name));
  return (app.readinessChecks ?? []).flatMap(({ portName, timeoutSeconds, intervalSeconds }, index) => [
    ...rule(
      names.has(portName),
      `/readinessChecks(${index})/portName`,
      `No port definition reference for portName ${portName}`,
    ),
    ...rule(
      timeoutSeconds < intervalSeconds,
      `/readinessChecks(${index})/timeoutSeconds`,
      `got ${timeoutSeconds}, expected less than intervalSeconds (${intervalSeconds})`,
    ),
  ]);
}
