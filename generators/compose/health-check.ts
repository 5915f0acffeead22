import type { PlannedComponent, PlannedImage } from '../../planning/plan/plan.ts';
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

/** A Compose health check. Not with `start_interval`: Compose refuses it on Docker 24. */
export function healthcheck(test: readonly string[], pace: Pace = 'usual'): YamlEntry {
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

/**
 * Asks for a page from inside the container with what its image surely has: bash (no curl, no nc needed), BusyBox, or
 * the lite image's own command.
 */
export function httpProbe(probe: PlannedImage['probe'], host: string, port: number, path: string): readonly string[] {
  const url = `http://${host}:${port}${path}`;
  switch (probe) {
    case 'bash':
      return [
        'CMD',
        'bash',
        '-c',
        `exec 3<>/dev/tcp/${host}/${port} && printf 'GET ${path} HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ "$status" = 200 ]`,
      ];
    case 'http-probe':
      return ['CMD', 'http-probe', url];
    case 'busybox':
      return ['CMD', 'wget', '-q', '-O', '/dev/null', url];
  }
}
