import { serviceUrl } from '../../checks/cluster-target.ts';
import { makeLoad } from '../../checks/load/make-load.ts';
import type { Seen } from '../../checks/poll-until.ts';
import type { Action } from '../../planning/lesson/lesson-shape.ts';
import { servicePortOf, servicesOf } from '../looks/look-at-service.ts';
import { fileOf, StepFailure, type LessonWorld } from '../lesson-world.ts';

type Wanted<Kind extends Action['kind']> = Extract<Action, { readonly kind: Kind }>['value'];

/** Brings in a new version of an app by a strategy. @throws StepFailure when it ends otherwise than the lesson says */
export async function bringIn(world: LessonWorld, wanted: Wanted<'new-version'>, signal: AbortSignal): Promise<Seen> {
  const { file, strategy, share, watchFor, goesBack = false } = wanted;
  const version = {
    ...{ file, text: fileOf(world, file), strategy },
    ...(share === undefined ? {} : { share }),
    ...(watchFor === undefined ? {} : { watchForSeconds: watchFor }),
  };
  const { wentBack, seen } = await world.bringIn(version, signal);
  if (wentBack !== goesBack) throw new StepFailure(`${file} by ${strategy}: ${seen}`);
  return { ok: true, seen };
}

/** Sends requests to an app through the load balancer; where it has none that answers yet, they are sent again. */
export async function load(world: LessonWorld, wanted: Wanted<'load'>, signal: AbortSignal): Promise<Seen> {
  const { app, rate, seconds } = wanted;
  const services = servicesOf(world);
  const port = await servicePortOf(world, app, signal);
  if (port === undefined) throw new StepFailure(`${app} has no service port`);
  const url = `${serviceUrl(services, port)}/`;
  const { sent, answers } = await makeLoad({ url, rate, forMs: seconds * 1000, signal, clock: world.clock });
  // Broken off, it is not the load that the lesson wants.
  signal.throwIfAborted();
  const good = answers['200'] ?? 0;
  return { ok: good > 0, seen: `${good} of ${sent} requests to ${url} were answered with 200` };
}
