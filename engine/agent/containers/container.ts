import type { CommandInfo, ContainerInfo, Resource } from '../../../protocol/mesos.ts';
import type { TaskEnd } from '../executors/executor.ts';
import type { ContainerId } from './container-id.ts';
import type { Place } from './place.ts';
import type { Switchboard } from './switchboard.ts';

/** What a container is to be. */
export interface ContainerRequest {
  readonly command?: CommandInfo;
  readonly container?: ContainerInfo;
  /** Of one by itself. */
  readonly resources?: readonly Resource[];
  /** It is for looking into its parent, whose folder and environment it has (ContainerClass::DEBUG). */
  readonly isDebug: boolean;
}

/** How a container ended. */
export interface Termination {
  /** As wait(2) has it; missing if it never ran. */
  readonly exit_status?: number;
}

/** The process of a container. */
export interface ContainerProcess {
  /** Of its process group. */
  readonly id: number;
  /** As others are told. */
  readonly shownId: number;
  /** Of the command itself: what signals go to; undefined when it has ended. */
  readonly commandId: () => Promise<number | undefined>;
  /** Never rejects; undefined when it was let go. */
  readonly ended: Promise<TaskEnd | undefined>;
  /** Missing when it ends with the agent. */
  readonly letGo?: () => void;
}

/** A container that was asked for on the operator API, and has not ended. */
export interface Container {
  readonly id: ContainerId;
  readonly request: ContainerRequest;
  readonly place: Place;
  /** An agent that comes after this one may have it, as far as its process outlives this one. */
  readonly isCheckpointed: boolean;
  /** Aborted when it is to end before it runs. */
  readonly controller: AbortController;
  /** Once it runs. */
  process?: ContainerProcess;
  switchboard?: Switchboard;
  /** What it was last sent. */
  lastSignal?: number;
  isDestroyed: boolean;
  readonly ended: Promise<Termination>;
  readonly end: (termination: Termination) => void;
}

export function newContainer(given: Pick<Container, 'id' | 'request' | 'place' | 'isCheckpointed'>): Container {
  let end: (termination: Termination) => void = () => undefined;
  const ended = new Promise<Termination>((resolve) => {
    end = resolve;
  });
  return { ...given, controller: new AbortController(), isDestroyed: false, ended, end };
}
