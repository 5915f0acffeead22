import { randomUUID } from 'node:crypto';
import type { App } from '../../../protocol/marathon.ts';
import type { Resource } from '../../../protocol/mesos.ts';
import { safePath } from '../apps/path-id.ts';
import type { SharedParts } from '../leadership/shared-parts.ts';
import { AttributeTally } from '../scheduling/attribute-tally.ts';
import { buildTaskGroup, executorIdOf, newPodIds, newPodTasks } from '../pods/build-task-group.ts';
import { isPod, type PodSpec } from '../pods/pod-spec.ts';
import { buildTask, newIds } from '../scheduling/build-task.ts';
import type { Instance } from '../scheduling/instances.ts';
import type { LaunchQueue } from '../scheduling/launch-queue.ts';
import { matchOffer } from '../scheduling/match-offer.ts';
import { thousandths } from '../scheduling/offer-pool.ts';
import type { OpenOffer } from '../scheduling/open-offer.ts';
import { isVolume, releaseOperations, reserveOperations } from './reserved-resources.ts';
import { incarnationOf, isReserved, isUnused, persistentVolumes } from './resident.ts';
import { takeDisk } from './take-disk.ts';

/** `--task_reservation_timeout`: what has not been offered by then was not reserved. */
const reservationTimeoutMs = 20_000;

interface Volume {
  readonly disk: Resource;
  readonly persistenceId: string;
  readonly containerPath: string;
}

/**
 * Uses offers for instances that keep their data (InstanceOpFactoryImpl.scala of Marathon, inferForResidents): resources
 * are reserved and volumes made on one offer, and the task is launched on a later one, which has them.
 */
export class ResidentOffers {
  readonly #shared: SharedParts;
  readonly #queue: LaunchQueue;
  readonly #random: () => number;

  constructor(shared: SharedParts, queue: LaunchQueue, random: () => number) {
    this.#shared = shared;
    this.#queue = queue;
    this.#random = random;
  }

  /** Launches on what is reserved, and reserves for those that have nothing yet. */
  launch(app: App, open: readonly OpenOffer[]): void {
    const waiting = new Map(
      this.#shared.instances
        .ofApp(app.id)
        .filter(isReserved)
        .map((instance) => [instance.id, instance]),
    );
    for (const each of open) {
      for (const [id, resources] of each.reserved) {
        const instance = waiting.get(id);
        if (instance === undefined || this.#queue.count(app.id) === 0 || !isWhole(app, instance, resources)) continue;
        waiting.delete(id);
        each.takeReserved(id);
        this.#launchOn(app, each, instance, resources);
      }
    }
    for (const instance of waiting.values()) this.#giveUpOverdue(instance);
    // What a task leaves that is ending will serve the next one.
    const ending = this.#shared.instances
      .ofApp(app.id)
      .filter((each) => each.goal !== 'Running' && each.isWiped !== true);
    this.#reserve(app, open, this.#queue.count(app.id) - waiting.size - ending.length);
  }

  /** Gives back what is reserved for instances that are no more (OfferMatcherReconciler.scala). */
  release(open: readonly OpenOffer[]): void {
    const labelled = open.filter(({ reserved }) => reserved.size > 0);
    if (labelled.length === 0) return;
    const known = new Set(this.#shared.instances.all().map(({ id }) => id));
    for (const each of labelled) {
      for (const [id, resources] of each.reserved) {
        if (known.has(id)) continue;
        this.#shared.log(`releasing what is reserved for ${id}`);
        each.operate(releaseOperations(resources));
        // What the executor of a pod has comes last: its volumes.
        if (resources.some(isVolume)) this.#shared.releases.done(id);
      }
    }
  }

  #launchOn(app: App, each: OpenOffer, before: Instance, resources: readonly Resource[]): void {
    const { instances, clock } = this.#shared;
    const { envVarsPrefix } = this.#shared.settings;
    const { offer } = each;
    const { id: instanceId, hostPorts } = before;
    const attempt = incarnationOf(before) + 1;
    const now = clock();
    const ids = isPod(app)
      ? { taskId: instanceId, containers: newPodTasks(app, { instanceId, hostPorts, now, attempt }) }
      : { taskId: `${instanceId}._app.${attempt}` };
    instances.remove(before.taskId);
    instances.put({
      ...before,
      ...ids,
      version: app.version,
      host: offer.hostname,
      agentId: offer.agent_id.value,
      condition: 'Staging',
      state: 'TASK_STAGING',
      stagedAt: now,
    });
    if (isPod(app)) {
      const launch = { instanceId, executorId: executorIdOf(instanceId), offer, resources, hostPorts, attempt };
      each.addGroup(buildTaskGroup(app, { ...launch, envVarsPrefix }), each.pool);
    } else each.add(buildTask(app, ids.taskId, offer, resources, hostPorts, envVarsPrefix), each.pool);
    this.#queue.statistics(app.id)?.used(this.#shared.timestamps.now());
    this.#queue.take(app.id);
  }

  #giveUpOverdue(instance: Instance): void {
    const { clock, instances, log } = this.#shared;
    if (!isUnused(instance) || clock() - (instance.reservation?.at ?? 0) < reservationTimeoutMs) return;
    log(`nothing was reserved for ${instance.id} in time: trying anew`);
    instances.remove(instance.taskId);
  }

  /** One on each agent in turn, those with the fewest of the app first. */
  #reserve(app: App, open: readonly OpenOffer[], count: number): void {
    if (count <= 0) return;
    const siblings = this.#shared.instances.ofApp(app.id);
    const fields = (app.constraints ?? []).map(([field = '']) => field);
    const taken = new AttributeTally(
      fields,
      siblings.map(({ attributes }) => attributes),
    );
    const load = (each: OpenOffer) => siblings.filter(({ agentId }) => agentId === each.offer.agent_id.value).length;
    let candidates = open
      .filter(({ offer }) => offer.allocation_info?.role === app.role)
      .map((each) => ({ each, load: load(each) }))
      .sort((one, other) => one.load - other.load)
      .map(({ each }) => each);
    let left = count;
    while (left > 0 && candidates.length > 0) {
      candidates = candidates.filter((each) => {
        if (left === 0 || !this.#reserveOn(app, each, taken)) return false;
        left -= 1;
        return true;
      });
    }
  }

  /** @returns whether there was room */
  #reserveOn(app: App, each: OpenOffer, taken: AttributeTally): boolean {
    const { instances, clock, timestamps, settings } = this.#shared;
    const match = matchOffer(app, each.pool, taken, this.#random, settings.acceptedByDefault);
    const reject = (reason: 'InsufficientDisk' | Extract<typeof match, { kind: 'reject' }>['reason']) => {
      this.#queue.statistics(app.id)?.rejected(each.offer, reason, timestamps.now());
      return false;
    };
    if (match.kind === 'reject') return reject(match.reason);
    let { pool } = match;
    const volumes: Volume[] = [];
    for (const volume of persistentVolumes(app)) {
      const found = takeDisk(pool, volume, new Set(['*']));
      if (found === undefined) return reject('InsufficientDisk');
      const { containerPath } = volume;
      ({ pool } = found);
      const persistenceId = `${safePath(app.id)}#${containerPath}#${randomUUID()}`;
      volumes.push({ disk: found.resource, persistenceId, containerPath });
    }
    const ids = isPod(app) ? newPodInstance(app, match.hostPorts, clock()) : newAppInstance(app);
    const { id: instanceId } = ids;
    const frameworkId = each.offer.framework_id.value;
    each.operate(reserveOperations({ frameworkId, instanceId, role: app.role }, match.resources, volumes), pool);
    taken.add(pool.attributes);
    instances.put({
      ...ids,
      appId: app.id,
      version: app.version,
      agentId: each.offer.agent_id.value,
      host: each.offer.hostname,
      attributes: pool.attributes,
      hostPorts: match.hostPorts,
      ipAddresses: [],
      condition: 'Reserved',
      state: 'TASK_STAGING',
      goal: 'Running',
      stagedAt: clock(),
      reservation: {
        volumes: volumes.map(({ containerPath, persistenceId }) => ({ containerPath, persistenceId })),
        role: app.role,
        at: clock(),
      },
    });
    return true;
  }
}

function newAppInstance(app: App) {
  const { instanceId: id } = newIds(app.id);
  return { id, taskId: `${id}._app.0` };
}

function newPodInstance(pod: PodSpec, hostPorts: readonly number[], now: number) {
  const { instanceId: id } = newPodIds(pod.id);
  return { id, taskId: id, containers: newPodTasks(pod, { instanceId: id, hostPorts, now, attempt: 0 }) };
}

/** Whether all is there that was reserved: what an executor has that is ending comes later than what its tasks had. */
function isWhole(app: App, { reservation, hostPorts }: Instance, resources: readonly Resource[]): boolean {
  const sum = (name: string) =>
    resources.reduce(
      (total, each) => total + (each.name === name && each.disk === undefined ? (each.scalar?.value ?? 0) : 0),
      0,
    );
  const volumes = new Set(resources.map(({ disk }) => disk?.persistence?.id));
  const ports = resources.flatMap(({ name, ranges }) => (name === 'ports' ? (ranges?.range ?? []) : []));
  return (
    (['cpus', 'mem', 'disk'] as const).every((name) => thousandths(sum(name)) >= thousandths(app[name])) &&
    (reservation?.volumes ?? []).every(({ persistenceId }) => volumes.has(persistenceId)) &&
    hostPorts.every((port) => ports.some(({ begin, end }) => begin <= port && port <= end))
  );
}
