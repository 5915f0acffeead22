import { objectOf } from '../../../protocol/json.ts';
import type { Json } from '../../../protocol/mesos.ts';
import type { BrokenRule } from '../marathon-error.ts';
import { listAt, type Definition } from './normalize-app.ts';

const isSet = (value: Json | undefined) =>
  value !== undefined && value !== false && !(typeof value === 'object' && value !== null && isEmpty(value));
const isEmpty = (value: object) => Object.keys(value).length === 0;

const notServed = 'is not supported by the Marathon of the embedded cluster: leave it out';

/** Marathon's own command executor, under its two names. */
const commandExecutors: readonly (Json | undefined)[] = [undefined, '', '//cmd'];
const checkedByMesos: readonly (Json | undefined)[] = ['MESOS_HTTP', 'MESOS_HTTPS', 'MESOS_TCP'];

/**
 * What a definition asks for that Marathon has and this one has not: it is refused, for a field that is taken and then
 * ignored is worse.
 * @param given with its types checked, in the form in which it was posted
 */
export function unservedFields(given: Definition): readonly BrokenRule[] {
  const container = objectOf(given['container']);
  const docker = objectOf(container['docker']);
  const isMesosImage = container['type'] === 'MESOS';
  const fields: readonly (readonly [string, boolean])[] = [
    ['/executorResources', isSet(given['executorResources'])],
    ['/resourceLimits', isSet(given['resourceLimits'])],
    ['/ipAddress/groups', isSet(objectOf(given['ipAddress'])['groups'])],
    ['/container/linuxInfo', isSet(container['linuxInfo'])],
    ['/container/docker/credential', isSet(docker['credential'])],
    ['/container/docker/pullConfig', isMesosImage && isSet(docker['pullConfig'])],
  ];
  const forMesos: typeof fields = [['/container/docker/pullConfig', !isMesosImage && isSet(docker['pullConfig'])]];
  const forDocker: readonly (readonly [string, boolean])[] = [
    ['/container/docker/parameters', isMesosImage && isSet(docker['parameters'])],
    ['/container/docker/privileged', isMesosImage && isSet(docker['privileged'])],
  ];
  const named = (list: typeof fields, error: string) =>
    list.flatMap(([path, isGiven]) => (isGiven ? [{ path, error }] : []));
  return [
    ...named(fields, notServed),
    // Marathon's words (AppValidation.scala, dockerDockerContainerValidator).
    ...named(forMesos, 'pullConfig is not supported with Docker containerizer'),
    ...named(forDocker, 'is for the container type DOCKER, not for MESOS'),
    ...(commandExecutors.includes(given['executor'])
      ? []
      : [{ path: '/executor', error: `${notServed}, or use //cmd; it has no other executors` }]),
    ...listAt(given['healthChecks']).flatMap((each, index) => {
      const { ipProtocol, protocol = 'HTTP', ignoreHttp1xx } = objectOf(each);
      const path = `/healthChecks(${index})`;
      const isForMesos = ipProtocol === 'IPv6' && !checkedByMesos.includes(protocol);
      return [
        ...(isForMesos ? [{ path: `${path}/ipProtocol`, error: 'IPv6 is for checks of a protocol MESOS_…' }] : []),
        ...(ignoreHttp1xx === true ? [{ path: `${path}/ignoreHttp1xx`, error: notServed }] : []),
      ];
    }),
  ];
}
