import { clusterClient } from '../../../checks/cluster-client.ts';
import { targetFromPlan } from '../../../checks/cluster-target.ts';
import { pollUntil } from '../../../checks/poll-until.ts';
import { registryAddresses } from '../../../checks/registry/addresses.ts';
import { askRegistry } from '../../../checks/registry/registry.ts';
import { UserError } from '../../../errors/user-error.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import type { DockerEngine } from '../docker-engine.ts';
import type { LabContainer } from '../lab/lab-containers.ts';
import type { RegistryStore } from './clean-registry.ts';

const readyMs = 60_000;

/**
 * What keeps the images of a lab. With a gate in front of it, it is another container than that which is asked.
 * @param containers of the Engine that the registry is on
 * @throws UserError LAB_NOT_RUNNING where it has none
 */
export function registryStore(engine: DockerEngine, containers: readonly LabContainer[], plan: Plan): RegistryStore {
  const ofRole = (wanted: string) => containers.find(({ role }) => role === wanted);
  const container = ofRole('registry-store') ?? ofRole('registry');
  const addresses = registryAddresses(plan);
  if (container === undefined || addresses === undefined) {
    throw new UserError({
      code: 'LAB_NOT_RUNNING',
      message: 'The registry of the lab has no container',
      fix: 'create-mesos-cluster up makes what is missing, and starts the rest',
    });
  }
  const client = clusterClient(targetFromPlan(plan).hosts);
  return { engine, container, isReady: () => awaitAnswer({ client, url: addresses.url }, container) };
}

/** Whatever interrupted what was done: a registry that was stopped is there again. */
async function awaitAnswer(
  registry: Pick<Parameters<typeof askRegistry>[0], 'client' | 'url'>,
  { id }: LabContainer,
): Promise<void> {
  const end = await pollUntil(
    async (signal) => {
      const { status } = await askRegistry({ ...registry, signal }, '/v2/_catalog?n=1');
      return { ok: status === 200, seen: `${registry.url} answers ${status}` };
    },
    { timeoutMs: readyMs, intervalMs: 100, signal: new AbortController().signal },
  );
  if (end.ok) return;
  throw new UserError({
    code: 'NOT_READY',
    message: `The registry does not answer ${readyMs / 1000} s after it was started again`,
    found: end.seen,
    fix: `create-mesos-cluster logs ${id} shows what it says`,
  });
}
