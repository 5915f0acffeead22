import type { ImageSetName } from '../catalogue/roles.ts';
import type { FlagDefinition, FlagTable, Release } from './flag-table.ts';
import { marathonFlags } from './marathon.ts';
import { mesosAgentFlags } from './mesos-agent.ts';
import { mesosCommonFlags } from './mesos-common.ts';
import { mesosMasterFlags } from './mesos-master.ts';

/** Programs whose flags can be passed through; the order is that of the search for a flag's owner. */
export const flagPrograms = ['mesos-master', 'mesos-agent', 'marathon'] as const;
export type FlagProgram = (typeof flagPrograms)[number];

/** Every flag of each program, of all releases. */
export const tables: Readonly<Record<FlagProgram, FlagTable>> = {
  'mesos-master': [...mesosCommonFlags, ...mesosMasterFlags],
  'mesos-agent': [...mesosCommonFlags, ...mesosAgentFlags],
  marathon: marathonFlags,
};

interface Versions {
  readonly mesos: Release;
  readonly clusterd?: Release;
  readonly marathon: Release;
}

/** clusterd 0.7.1 calls itself 1.11.0, but merged Apache's HEAD (1.12) in its 0.5.0. */
const clusterd: Versions = { mesos: '1.12', clusterd: '0.7', marathon: '1.11' };
const versions: Readonly<Record<ImageSetName, Versions>> = {
  stock: { mesos: '1.7', marathon: '1.11' },
  clusterd,
  lite: clusterd,
};

function compareReleases(left: string, right: string): number {
  const [leftMajor = 0, leftMinor = 0] = left.split('.').map(Number);
  const [rightMajor = 0, rightMinor = 0] = right.split('.').map(Number);
  return leftMajor - rightMajor || leftMinor - rightMinor;
}

const forkPrefix = 'clusterd ';

function isAvailable(flag: FlagDefinition, program: FlagProgram, imageSet: ImageSetName): boolean {
  const set = versions[imageSet];
  const version = program === 'marathon' ? set.marathon : set.mesos;
  const hasReached = (release: Release) => {
    if (!release.startsWith(forkPrefix)) return compareReleases(version, release) >= 0;
    return set.clusterd !== undefined && compareReleases(set.clusterd, release.slice(forkPrefix.length)) >= 0;
  };
  if (flag.since !== undefined && !hasReached(flag.since)) return false;
  return flag.until === undefined || compareReleases(version, flag.until) <= 0;
}

/** Whether a flag has this name or alias. */
export const isCalled = (flag: FlagDefinition, name: string) =>
  flag.name === name || flag.aliases?.includes(name) === true;

/** The flags of a program in the version of an image set. */
export const flagsOf = (program: FlagProgram, imageSet: ImageSetName) =>
  tables[program].filter((flag) => isAvailable(flag, program, imageSet));
