import { checkpointedOf, originsOf, totalOf } from '../../master/reservations/checkpointed.ts';
import { contains, describeResources, minus, plus, toResourceList, toResources } from '../../master/resources.ts';
import type { Resources } from '../../master/resources.ts';
import { keyOf, kindOf } from '../../master/reservations/resource-kind.ts';
import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import type { AgentEvent, AppliedOperation } from '../../../protocol/agent-api.ts';
import { parseObject } from '../../../protocol/json.ts';
import type { Resource } from '../../../protocol/mesos.ts';
import type { AgentOptions } from '../agent-options.ts';
import { OperationUpdates, type OperationUpdate } from './operation-updates.ts';
import { removeVolume, volumeFolder } from './volume-folders.ts';

/** What is kept of reservations and volumes, whatever becomes of the agent's id: as in Mesos they stay with its folder. */
export interface HeldRecord {
  readonly resources: readonly Resource[];
  readonly operations: readonly OperationUpdate[];
}

/** With Mesos's name (src/slave/paths.cpp); the form is ours. */
const fileIn = (workDir: string) => `${workDir}/meta/resources/resources_and_operations.state`;

/** @throws Error when what was kept does not fit what the agent has now (Slave::recover) */
export async function readHeldRecord(
  workDir: string,
  own: readonly Resource[],
  sandboxes: Pick<Sandboxes, 'readRecord'>,
): Promise<HeldRecord> {
  const text = await sandboxes.readRecord(fileIn(workDir));
  if (text === undefined) return { resources: [], operations: [] };
  // Written by an agent, in one step.
  const record = parseObject(text) as unknown as HeldRecord | undefined;
  if (!Array.isArray(record?.resources) || !Array.isArray(record.operations)) {
    throw new Error(`Failed to perform recovery: Failed to read resources from '${fileIn(workDir)}'`);
  }
  const [has, needs] = [toResources(own), originsOf(record.resources)];
  if (contains(has, needs)) return record;
  const checkpointed = describeResources(toResources(record.resources));
  throw new Error(
    `Checkpointed resources ${checkpointed} are incompatible with agent resources ${describeResources(has)}`,
  );
}

interface HeldResourcesOptions {
  readonly workDir: string;
  readonly own: readonly Resource[];
  readonly record: HeldRecord;
  readonly sandboxes: Sandboxes;
  readonly retryMs: number;
  readonly send: (update: OperationUpdate) => void;
  readonly log: (line: string) => void;
}

/** All that an agent has, with what operations have made of it: reservations, and volumes with their data. */
export class HeldResources {
  readonly updates: OperationUpdates;
  readonly #options: HeldResourcesOptions;
  #total: Resources;
  /** Operations that are not written yet. */
  #waiting: AppliedOperation[] = [];
  #work: Promise<void> | undefined;

  constructor(options: HeldResourcesOptions) {
    const { own, record, retryMs, send } = options;
    this.#options = options;
    this.#total = totalOf(own, record.resources);
    this.updates = new OperationUpdates({ retryMs, send, onAcknowledged: () => void this.#startWork() });
    for (const update of record.operations) this.updates.add(update);
  }

  get total(): Resources {
    return this.#total;
  }

  /** What of it operations have made. */
  checkpointed(): readonly Resource[] {
    return toResourceList(checkpointedOf(this.#total));
  }

  take(event: Extract<AgentEvent, { readonly type: 'APPLY_OPERATION' | 'ACKNOWLEDGE_OPERATION' }>): void {
    if (event.type === 'APPLY_OPERATION') this.#apply(event.apply_operation);
    else this.updates.acknowledge(event.acknowledge_operation.uuid);
  }

  #apply(operation: AppliedOperation): void {
    const [consumed, converted] = [toResources(operation.consumed), toResources(operation.converted)];
    if (!contains(this.#total, consumed)) {
      // The master and this agent do not agree: that is settled when it registers again.
      this.#options.log(`An operation was not applied: there is no ${describeResources(consumed)}`);
      return;
    }
    this.#total = plus(minus(this.#total, consumed), converted);
    this.#waiting.push(operation);
    void this.#startWork();
  }

  /** Resolves when all operations until now are done: a task may need what they make. Never rejects. */
  async settled(): Promise<void> {
    await this.#work;
  }

  /** Says nothing more, and resolves when all is kept. Never rejects. */
  async close(): Promise<void> {
    this.updates.pause();
    await this.settled();
  }

  #startWork(): Promise<void> {
    this.#work ??= this.#writeAll()
      .catch((error: unknown) => {
        this.#options.log(`Resources were not checkpointed: ${String(error)}`);
      })
      .finally(() => {
        this.#work = undefined;
      });
    return this.#work;
  }

  /** All that waits in one step, and again while something has come meanwhile. */
  async #writeAll(): Promise<void> {
    const { workDir, sandboxes } = this.#options;
    do {
      const operations = this.#waiting;
      this.#waiting = [];
      for (const folder of operations
        .flatMap(({ converted }) => converted)
        .map((each) => volumeFolder(workDir, each))) {
        if (folder !== undefined) await sandboxes.makeFolder(folder);
      }
      const done = operations
        .flatMap(({ feedback }) => feedback ?? [])
        .map(({ uuid, operation_id, framework_id }): OperationUpdate => ({
          framework_id,
          status: { operation_id, state: 'OPERATION_FINISHED', uuid: { value: uuid } },
        }));
      const record: HeldRecord = { resources: this.checkpointed(), operations: [...this.updates.pending(), ...done] };
      await sandboxes.writeRecord(fileIn(workDir), JSON.stringify(record));
      for (const volume of operations.flatMap(({ consumed }) => consumed)) {
        // Unless it is a volume still, of another size, or again by now.
        const kind = kindOf(volume);
        if (kind !== undefined && !this.#total.kinds.has(keyOf(kind))) await removeVolume(workDir, volume, sandboxes);
      }
      for (const update of done) this.updates.add(update);
    } while (this.#waiting.length > 0);
  }
}

interface Holder {
  readonly options: Pick<AgentOptions, 'workDir' | 'statusRetryMs'>;
  readonly world: Pick<HeldResourcesOptions, 'sandboxes' | 'log'>;
  readonly resources: readonly Resource[];
  readonly held: HeldRecord;
}

/** What an agent goes on with. */
export const heldBy = (
  { options, world, resources, held }: Holder,
  send: (update: OperationUpdate) => void,
): HeldResources =>
  new HeldResources({
    ...{ workDir: options.workDir, own: resources, record: held, send },
    ...{ sandboxes: world.sandboxes, log: world.log, retryMs: options.statusRetryMs ?? 10_000 },
  });
