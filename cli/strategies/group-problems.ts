import type { ClusterTarget } from '../../checks/cluster-target.ts';
import { UserError, type Problem } from '../../errors/user-error.ts';
import { listAt, numberAt, textsAt } from '../../protocol/json.ts';
import { portsOfApp } from '../../protocol/marathon/app-ports.ts';
import { groupLabels, groupOf } from '../../protocol/marathon/deployment-group.ts';
import { servedPort } from '../../protocol/marathon/served-port.ts';
import type { AppDefinition } from '../apps/app-files.ts';
import type { Strategy } from './strategy.ts';

/** @throws UserError USAGE_APP_FILE for what is no app: Marathon and Chronos have no strategies for these */
export function refuseOthers(definitions: readonly AppDefinition[], { kind }: Strategy): void {
  const problems = definitions
    .filter((each) => each.kind !== 'app')
    .map((each) => ({
      ...problem(
        each,
        `--strategy ${kind} is for apps, and ${each.id} is a ${each.kind === 'job' ? 'job of Chronos' : each.kind}`,
      ),
      fix: 'deploy it without --strategy, from a file of its own',
    }));
  throwAll(problems);
}

/**
 * @param target the cluster; without a load balancer nothing is merged or drained
 * @throws UserError with all that a definition lacks to be one of two colours at the load balancer
 */
export function refuseWithoutGroup(app: AppDefinition, target: ClusterTarget, { kind }: Strategy): void {
  if (target.loadBalancer === undefined)
    throw withoutBalancer(`--strategy ${kind}`, 'deploy with --strategy rolling, which needs none');
  const { definition, id } = app;
  const labels = textsAt(definition, 'labels');
  const ports = portsOfApp(definition);
  const [port] = ports;
  const problems: Problem[] = [];
  const lacks = (message: string, fix: string) => problems.push({ ...problem(app, `${id} ${message}`), fix });
  if (ports.length > 1)
    lacks(
      `has ${ports.length} service ports, and --strategy ${kind} swaps one, as marathon-lb's zdd does`,
      'leave one of them',
    );
  if (numberAt(definition, 'instances') === 0)
    lacks('has no instances, and a version that serves nothing takes no place', 'set instances to 1 or more');
  if (port === undefined || port.servicePort < 1)
    lacks(
      'has no service port of its own',
      'give its portMappings a servicePort, or its portDefinitions a port, such as 10000',
    );
  if (listAt(definition, 'healthChecks').length === 0)
    lacks(
      'has no health check, and nothing else says whether a new version is well',
      'add healthChecks, such as [{ "protocol": "HTTP", "path": "/" }]',
    );
  if ((groupOf(labels) ?? '') === '')
    lacks(
      `has no label ${groupLabels.group}`,
      `add "${groupLabels.group}": "${id.slice(1).replaceAll('/', '_')}" to its labels: the load balancer makes one service of both versions by it`,
    );
  const other = labels[groupLabels.otherPort];
  if (!/^\d{1,5}$/.test(other ?? '') || Number(other) === port?.servicePort)
    lacks(
      other === undefined
        ? `has no label ${groupLabels.otherPort}`
        : `has the label ${groupLabels.otherPort} with "${other}"`,
      `set it to a second port, such as "${(port?.servicePort ?? 10_000) + 1000}", that no other app has as service port: Marathon has each once`,
    );
  const served = servedPort(labels, 0, port?.servicePort ?? 0, target.services?.groups);
  if ((port?.servicePort ?? 0) >= 1 && 'why' in served)
    lacks(
      `is not served by the load balancer: ${served.why}`,
      `add "HAPROXY_GROUP": "${target.services?.groups?.[0] ?? 'external'}" to its labels`,
    );
  const { first = 0, last = Infinity } = target.services ?? {};
  if ('port' in served && served.port >= 1 && (served.port < first || served.port > last))
    lacks(
      `has the service port ${served.port}, at which the load balancer does not serve`,
      `take one from ${first} to ${last}, or widen ports.services in mesos-cluster.yaml`,
    );
  throwAll(problems);
}

/**
 * @param balancers how many load balancers a lab has: the statistics of one alone say what is drained
 * @throws UserError USAGE_FLAG_VALUE for more than one, unless Marathon does it all
 */
export function refuseSeveralBalancers({ kind }: Strategy, balancers: number): void {
  if (kind === 'rolling' || balancers < 2) return;
  throw new UserError({
    code: 'USAGE_FLAG_VALUE',
    message: `--strategy ${kind} goes by one load balancer, and this lab has ${balancers}: the others would not be waited for`,
    place: { kind: 'flag', flag: '--strategy' },
    fix: 'deploy with --strategy rolling',
  });
}

/** The error for what needs a load balancer, in a lab where none runs. @param instead what to do */
export const withoutBalancer = (what: string, instead: string) =>
  new UserError({
    code: 'LAB_NOT_RUNNING',
    message: `${what} needs a load balancer, and none of this lab runs`,
    fix: `${instead}; npm run start starts one that was stopped; a lab has one unless its spec says loadBalancers: 0`,
  });

const problem = ({ file }: AppDefinition, message: string): Problem => ({
  code: 'USAGE_APP_FILE',
  message,
  place: { kind: 'path', path: file },
});

function throwAll([first, ...more]: readonly Problem[]): void {
  if (first !== undefined) throw new UserError(first, ...more);
}
