import type { ClusterTarget } from '../checks/cluster-target.ts';
import type { Problem, UserError } from '../errors/user-error.ts';
import type { PlannedNode, Plan } from '../planning/plan/plan.ts';
import type { Diagnosis, DoctorQuestion } from './doctor-facet.ts';
import type { ImagesFacet } from './images-facet.ts';
import type { LabsFacet, Removal } from './labs-facet.ts';
import type { UpWith } from './port-moves.ts';
import type { Reporter } from './reporter.ts';
import type { RuntimeName } from './runtime-names.ts';

/** One that somebody else runs is a runtime as well, which nobody chooses. */
export type AnyRuntimeName = RuntimeName | 'adopted';

/** A lab, as a runtime knows it. */
export interface Lab {
  /** Absolute. */
  readonly directory: string;
}

/** A part of a lab that has a state of its own: a component, or on Docker each container of a pod. */
export interface LabPart {
  /** `agent1`, `agent1-docker`. */
  readonly id: string;
  readonly node: string;
  /** A role, or `node` and `docker-engine` of an agent's pod. */
  readonly role: string;
  /**
   * `running`, `restarting`, `exited`, `created`, `missing`; and what somebody did to it: `stopped`, `killed`, `paused`,
   * `partitioned`.
   */
  readonly state: string;
  /** In the runtime's words: `Up 2 minutes (healthy)`. */
  readonly detail: string;
  /** What it runs, where that is an image. */
  readonly image?: string;
}

/** A machine of a lab that has several. */
export interface LabMachine {
  readonly name: string;
  readonly address: string;
  /** Where its Docker Engine is, as the spec says it. */
  readonly endpoint: string;
  /** It answers. */
  readonly ok: boolean;
  /** What it says, or why it does not. */
  readonly detail: string;
}

/** A lab that runs, or that was stopped and can be started again. */
export interface RunningLab {
  readonly runtime: AnyRuntimeName;
  /** What runs, even if the spec was changed since; its URLs are those that answer. */
  readonly plan: Plan;
  /** The same, for the checks. */
  readonly target: ClusterTarget;
  readonly parts: readonly LabPart[];
  /** Parts that it does without while they do not run, by their ids. */
  readonly doneWithout?: readonly string[];
  /** Where it runs on machines of its own. */
  readonly machines?: readonly LabMachine[];
  /** The folder that it was started in, where it was moved since. */
  readonly movedFrom?: string;
  /** Process that runs it, where there is one. */
  readonly processId?: number;
  /** Where that serves a page of it, with the token that changes need. */
  readonly page?: string;
  /** What a start with these options would change, part by part, in words; none: it is what they say. */
  readonly differences: (options: Pick<StartOptions, 'plan' | 'settings'>) => Promise<readonly string[]>;
  /** Whether `start` changes it to this; otherwise it runs on as it was started. Missing: to whatever is asked for. */
  readonly changesTo?: (options: Pick<StartOptions, 'plan'>) => Promise<boolean>;
  /** What flags said over the spec when it was started, for the plan of a later command. */
  readonly settings: readonly unknown[];
  /** Resolves to what is wrong when a part ends that should run, and never otherwise; ends with the signal. */
  readonly watch: (signal: AbortSignal) => Promise<UserError>;
  /** Looks, once all is ready, for what readiness does not see. @throws UserError for what must not be */
  readonly confirm?: (signal: AbortSignal) => Promise<void>;
  /** A disk that it writes to and that is full; nothing shows in any answer of the cluster but that it waits. */
  readonly fullDisk?: (signal: AbortSignal) => Promise<Problem | undefined>;
  /** Which of these parts have logs that can be read from here; missing: all that ran. */
  readonly readable?: (ids: readonly string[], signal: AbortSignal) => Promise<readonly string[]>;
}

/** Where the folder of a lab was when it was started: since then it was moved, or copied with what its run had left in it. */
export interface FormerFolder {
  readonly folder: string;
  readonly isCopy: boolean;
}

/** What a runtime has of a lab. */
export type FoundLab =
  | { readonly kind: 'nothing' }
  /** Something that was killed left folders, processes or containers behind. */
  | { readonly kind: 'remains'; readonly former?: FormerFolder }
  /** Something is there that is not of a record, and the spec, which would say what it is, has problems. */
  | { readonly kind: 'unplanned'; readonly parts: readonly LabPart[]; readonly problem: UserError }
  /** All of it is there, and nothing of it runs. */
  | { readonly kind: 'stopped'; readonly lab: RunningLab }
  | { readonly kind: 'running'; readonly lab: RunningLab };

/** A lab that was started by this process, which still has to decide whether it stays. */
export interface StartedLab extends RunningLab {
  /** Lets it run on after this process. */
  readonly keep: () => Promise<void>;
  /** Ends what this start made; what was there before it stays. */
  readonly abandon: () => Promise<void>;
}

/** What is asked of a start beyond the lab itself. */
export interface StartOptions {
  /** With the URLs that are wanted. */
  readonly plan: Plan;
  /** What flags said over the spec; kept with the lab. */
  readonly settings: readonly unknown[];
  /** How long all of it together may take to start. */
  readonly timeoutMs: number;
  /** Starts also where the runtime advises against it. */
  readonly force: boolean;
  /** Leaves what was started when the start fails, to be looked at. */
  readonly retain: boolean;
  /** Goes on without machines that are not reached. */
  readonly skipUnreachable?: boolean;
  /** What the first apps run in: machines of agents get it where this one, or another one of them, has it. */
  readonly appImages?: readonly string[];
  /** How to say `up` once more with other ports; missing: as if nothing else had been said. */
  readonly upWith?: UpWith;
  readonly tell: Reporter;
  readonly signal: AbortSignal;
}

/** Which logs, and how much of them. */
export interface LogRequest {
  /** Parts, by their ids. */
  readonly ids: readonly string[];
  /** How many of the last lines of each; Infinity for all. */
  readonly tail: number;
  /** Milliseconds since 1970: nothing older is wanted, and whoever can leaves it out. */
  readonly since?: number | undefined;
  /** Goes on with what is added, until the signal. */
  readonly follow: boolean;
  /** Called once, with `follow`: all that was there has been handed over. */
  readonly caughtUp?: () => void;
  readonly signal: AbortSignal;
}

/** Is given a line of a log, without its end, and its time in milliseconds since 1970 where it has one. */
export type OnLogLine = (id: string, line: string, at?: number) => void;

/**
 * What can be done with parts of a lab that are there. `kill`: as by `kill -9`, and it stays down; `pause`: it stands
 * still with its connections open; `partition`: an agent and the masters do not reach each other, until `heal`; `unplug`:
 * all that is on the machine of a part is killed, tasks too. `start` undoes all of them.
 */
export const partActions = ['stop', 'kill', 'pause', 'partition', 'heal', 'unplug', 'start'] as const;

export type PartAction = (typeof partActions)[number];

/** What parts are in because somebody said so; `start` undoes it. */
export const actedOn: ReadonlySet<string> = new Set(['stopped', 'killed', 'paused', 'partitioned']);

/** The verbs that a runtime may refuse. */
export type RefusableVerb = 'up' | 'down' | PartAction | 'exec' | 'ssh' | 'images' | 'doctor';

/** How long things take on a runtime, in milliseconds. */
export interface RuntimeTimes {
  /** Until a cluster is ready, at most. */
  readonly readyMs: number;
  /** Until verify's apps run. */
  readonly appsMs: number;
  /** Between two looks. */
  readonly intervalMs: number;
}

/** A program that logs in to a machine of a lab. */
export interface Login {
  readonly program: string;
  readonly words: readonly string[];
  /** What is wrong when there is no such program. */
  readonly missing: Problem;
}

/** A start that has failed. */
export interface FailedStart {
  readonly plan: Plan;
  /** Of the lab, absolute. */
  readonly directory: string;
  readonly problem: Problem;
  /** The plan of the same lab with the image set lite; undefined when its spec does not go with that. */
  readonly withLite: () => Promise<Plan | undefined>;
  readonly tell: Reporter;
  readonly signal: AbortSignal;
}

/** A way to run a lab: eight methods, and facets for what only some runtimes have. */
export interface ClusterRuntime {
  readonly name: AnyRuntimeName;
  readonly times: RuntimeTimes;
  /**
   * Says why it does not do something with a lab on this machine now; undefined when it does. Starts nothing, answers
   * within seconds.
   */
  readonly refusal: (lab: Lab, verb: RefusableVerb, signal: AbortSignal) => Promise<Problem | undefined>;
  /** Says what it has of a lab. Changes nothing. @param signal ends the wait for machines that do not answer */
  readonly find: (lab: Lab, signal?: AbortSignal) => Promise<FoundLab>;
  /**
   * Everything before a start that may be refused, or takes long: looks whether the plan can run here, whether its
   * ports are free, and gets the images. Starts nothing.
   */
  readonly prepare: (lab: Lab, options: StartOptions) => Promise<void>;
  /**
   * Makes the lab what the plan says and returns as soon as everything was started; whether it is ready is for checks/
   * to find out. Of a lab that runs only what differs is changed. What fails leaves what was there before it.
   */
  readonly start: (lab: Lab, options: StartOptions) => Promise<StartedLab>;
  /** Ends everything that belongs to the lab and nothing else; undefined if there was nothing. */
  readonly remove: (lab: Lab) => Promise<Removal | undefined>;
  /** Does something with parts, and keeps everything they have; with all that it makes sense for without a name. */
  readonly control: (lab: Lab, action: PartAction, names: readonly string[], signal: AbortSignal) => Promise<void>;
  /** Hands over the lines of logs, oldest first of each part; false when there is no such part. */
  readonly logs: (lab: Lab, request: LogRequest, onLine: OnLogLine) => Promise<boolean>;
  /** Runs a command inside a part, on the user's terminal, and returns its exit code. */
  readonly exec: (lab: Lab, id: string, words: readonly string[], signal: AbortSignal) => Promise<number>;
  /** Facet: says what this machine, or those of a lab, lack to run labs like this. Starts and changes nothing. */
  readonly doctor?: (question: DoctorQuestion) => Promise<Diagnosis>;
  /** Facet: the images that its labs are made of. */
  readonly images?: ImagesFacet;
  /** Facet: its labs on this machine, by their names and not by a folder. */
  readonly labs?: LabsFacet;
  /** Facet: says in words how it would run a lab all the same whose start has failed; undefined: that fails as well. */
  readonly instead?: (failed: FailedStart) => Promise<string | undefined>;
  /** Facet: how to log in to a machine of a lab. @throws UserError when there is no way to that one */
  readonly login?: (node: PlannedNode, words: readonly string[]) => Login;
}
