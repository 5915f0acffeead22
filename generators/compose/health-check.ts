import type { Probe } from '../../planning/catalogue/probes.ts';
import type { PlannedComponent } from '../../planning/plan/plan.ts';
import { entry, flow, map, type YamlEntry } from '../text/yaml-text.ts';
import { literal } from './compose-service.ts';

/** How often and how long Compose asks a component for its health. */
export type Pace = 'usual' | 'slow start' | 'nobody waits';

const paces: Readonly<
  Record<Pace, { readonly interval: string; readonly retries: number; readonly startPeriod: string }>
> = {
  usual: { interval: '5s', retries: 6, startPeriod: '30s' },
  // A JVM.
  'slow start': { interval: '5s', retries: 6, startPeriod: '120s' },
  // Each question starts a process in the container, which is most of what a lab that does nothing costs.
  'nobody waits': { interval: '10s', retries: 3, startPeriod: '30s' },
};

/** The pace of a component, whatever others it has: nothing waits for the health of our own programs. */
export const paceOf = ({ image }: PlannedComponent, others: Pace = 'usual'): Pace =>
  image.build === undefined ? others : 'nobody waits';

/**
 * A Compose health check. Not with `start_interval`: Compose refuses it on Docker 24.
 * @param test none: also that of the image is switched off
 */
export function healthcheck(test: readonly string[] | undefined, pace: Pace = 'usual'): YamlEntry {
  if (test === undefined) return entry('healthcheck', map([entry('disable', true)]));
  const { interval, retries, startPeriod } = paces[pace];
  return entry(
    'healthcheck',
    map([
      entry('test', flow(test.map(literal))),
      entry('interval', interval),
      entry('timeout', '4s'),
      entry('retries', retries),
      entry('start_period', startPeriod),
    ]),
  );
}

/** Asks an Engine with the client that each of its images has. */
export const dockerProbe: readonly string[] = ['CMD', 'docker', 'info'];

/** Asks for a page from inside the container, with what its image has. */
export function httpProbe(probe: Probe, host: string, port: number, path: string): readonly string[] | undefined {
  const url = `http://${host}:${port}${path}`;
  const request = `printf 'GET ${path} HTTP/1.0\\r\\n\\r\\n'`;
  switch (probe) {
    case 'bash':
      return [
        'CMD',
        'bash',
        '-c',
        `exec 3<>/dev/tcp/${host}/${port} && ${request} >&3 && read -r _ status _ <&3 && [ "$status" = 200 ]`,
      ];
    case 'curl':
      return ['CMD', 'curl', '--silent', '--fail', '--noproxy', '*', '--output', '/dev/null', url];
    case 'wget':
      return ['CMD', 'wget', '-q', '-O', '/dev/null', url];
    case 'nc':
      return ['CMD', 'sh', '-c', `${request} | nc ${host} ${port} | grep -q '^HTTP/1.[01] 200'`];
    case 'http-probe':
      return ['CMD', 'http-probe', url];
    case 'docker':
      return dockerProbe;
    case 'none':
      return undefined;
  }
}

/** Asks a ZooKeeper for its mode, which it has only while it serves. */
export function zookeeperProbe(probe: Probe, host: string, port: number): readonly string[] | undefined {
  const hasMode = "grep -q '^Mode: '";
  if (probe === 'none') return undefined;
  return probe === 'nc'
    ? ['CMD', 'sh', '-c', `printf srvr | nc ${host} ${port} | ${hasMode}`]
    : ['CMD', 'bash', '-c', `exec 3<>/dev/tcp/${host}/${port} && printf srvr >&3 && ${hasMode} <&3`];
}
