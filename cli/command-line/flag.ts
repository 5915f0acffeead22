import type { ReadValue, ValueProblem } from './flag-values.ts';
import type { Verb } from './verbs.ts';

/** Headings of the help, in its order. */
export const flagGroups = [
  'The cluster',
  'Images and ports',
  'Mesos and Marathon',
  'Machines',
  'Running',
  'Other',
] as const;

/** A flag of the command line: the parser, the help and docs/cli.md are made from these. */
export interface Flag {
  /** Without the dashes. */
  readonly name: string;
  /** One letter, for `-x`. */
  readonly alias?: string;
  readonly group: (typeof flagGroups)[number];
  /** What the help calls the value; a flag without one is a switch. */
  readonly value?: string;
  readonly repeats?: true;
  readonly description: string;
  readonly verbs: readonly Verb[];
  /** What it puts into the spec; flags without this only steer the command. */
  readonly read?: ReadValue;
  /** With these verbs it steers the command and puts nothing into the spec; says why a value is none. */
  readonly steers?: Readonly<Partial<Record<Verb, (text: string) => ValueProblem | undefined>>>;
  /** With these verbs it is the old name of another flag: what to write instead of it and its value. */
  readonly formerly?: Readonly<Partial<Record<Verb, (text: string) => string>>>;
  /** The key of mesos-cluster.yaml that it sets, for the documentation. */
  readonly sets?: string;
}
