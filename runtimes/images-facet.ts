import type { Problem } from '../errors/user-error.ts';
import type { Plan } from '../planning/plan/plan.ts';
import type { Reporter } from './reporter.ts';

/** An image that a lab needs. */
export interface LabImage {
  readonly reference: string;
  /** Undefined: that of the machine. */
  readonly platform: string | undefined;
  /**
   * `app`: the agents pull it when a task starts, unless it is loaded into them. `registry`: so they do, from the lab's
   * own registry, by a name that only they know it by.
   */
  readonly from: 'pulled' | 'built' | 'app' | 'registry';
  /** Roles, `docker-engine`, or apps: `app nginx`. */
  readonly usedBy: readonly string[];
}

/** What this machine's Engine has of it. */
export interface FoundImage extends LabImage {
  /** Undefined when it is not there. */
  readonly here: { readonly bytes: number; readonly arch: string } | undefined;
}

/** An image that an app of the lab runs in. */
export interface AppImage {
  readonly reference: string;
  /** `nginx` */
  readonly app: string;
}

/** Whose images are meant, and who hears of it. */
export interface ImagesRequest {
  readonly plan: Plan;
  /** Of the lab, absolute. */
  readonly directory: string;
  readonly appImages: readonly AppImage[];
  readonly tell: Reporter;
  readonly signal: AbortSignal;
}

/** What of a lab's images is on this machine. */
export interface ListedImages {
  readonly images: readonly FoundImage[];
  /** Why that is not known. */
  readonly unknown?: Problem;
}

/** What was loaded into agents' own Engines; each list in the order asked for. */
export interface LoadResult {
  /** Agents' Engines that run: `agent1-docker`. None with `agentDocker: socket`, where all use the machine's Engine. */
  readonly engines: readonly string[];
  /** Images that were copied into at least one of them. */
  readonly copied: readonly string[];
  /** Images that this machine does not have: the agents have to pull them, unless they have them. */
  readonly notHere: readonly string[];
}

/** What became of an image on one Engine that tasks of agents run on. */
export interface WarmedImage {
  /** `agent1-docker`; the node, where agents use its Engine; `this machine`, where all use that one. */
  readonly engine: string;
  readonly image: string;
  /** `there`: it had been, and nothing newer is to be had. */
  readonly outcome: 'pulled' | 'there' | 'failed';
  /** Why it failed: in Docker's words, what they likely mean, and what to do about it. */
  readonly failure?: { readonly words: string; readonly cause: string; readonly fix: string };
}

/** What garbage collection freed in the registry of a lab. */
export interface CleanedRegistry {
  /** What its images took of the disk. */
  readonly beforeBytes: number;
  readonly afterBytes: number;
  /** Manifests that no tag named any more. */
  readonly manifests: number;
}

/** The images of labs, for those without a network. Starts no container but for `clean`. */
export interface ImagesFacet {
  /** Looks which images a lab needs, and which of them are here. */
  readonly list: (request: ImagesRequest) => Promise<ListedImages>;
  /** Gets all of them, and looks again. */
  readonly pull: (request: ImagesRequest) => Promise<readonly FoundImage[]>;
  /** Writes all of them into a file, which is there when it is whole; says how large it is, and what is in it. */
  readonly save: (
    request: ImagesRequest,
    file: string,
    force: boolean,
  ) => Promise<{ readonly bytes: number; readonly images: readonly string[] }>;
  /** Takes the images of such a file, also into the agents of a lab that runs, and looks again. */
  readonly load: (request: ImagesRequest, file: string) => Promise<readonly FoundImage[]>;
  /** Copies to the machines of a lab what they lack; missing: it has no machines that could be reached. */
  readonly push?: (
    request: ImagesRequest,
  ) => Promise<{ readonly copied: readonly string[]; readonly missing: readonly string[] }>;
  /** Lets all Engines of agents that run pull images, at the same time; in the order of engines, then of images. */
  readonly warm?: (
    request: Pick<ImagesRequest, 'plan' | 'directory' | 'tell' | 'signal'>,
    images: readonly string[],
  ) => Promise<readonly WarmedImage[]>;
  /** Frees what no tag names in the registry of a lab that runs; nobody can push meanwhile. */
  readonly clean?: (request: Pick<ImagesRequest, 'plan' | 'directory' | 'tell' | 'signal'>) => Promise<CleanedRegistry>;
  /** Copies images of this machine into the agents of a lab that runs, which lack them; missing: they need none. */
  readonly loadIntoAgents?: (
    request: Pick<ImagesRequest, 'plan' | 'directory' | 'signal'>,
    images: readonly string[],
    see: (text: string) => void,
  ) => Promise<LoadResult>;
}

/** Whether an image is nowhere that it can be had from, as far as this machine is concerned. */
export const isMissing = ({ here, from }: FoundImage): boolean => here === undefined && from !== 'registry';

/** `85 MB`, as Docker counts them. */
export const megabytes = (bytes: number): string => `${Math.max(1, Math.round(bytes / 1e6))} MB`;
