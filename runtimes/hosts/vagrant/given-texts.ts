import { textFingerprint } from '../../../lab/fingerprint.ts';
import { parseJson, textAt } from '../../../protocol/json.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import { hostsFolder } from '../hosts-record.ts';
import type { HostsWorld } from '../hosts-world.ts';

/** What each machine was told to run the last time that Vagrant came to a good end with it. */
export interface GivenTexts {
  /** The nodes whose machines were told something else, or of which it is not known. */
  readonly notGiven: (plan: Plan) => readonly string[];
  readonly write: (plan: Plan, names: readonly string[]) => void;
  /** Before something is done with machines that may fail half way, and after they were destroyed. */
  readonly forget: (names: readonly string[]) => void;
}

export function givenTexts({ files, nodeTexts }: HostsWorld, directory: string): GivenTexts {
  const path = `${hostsFolder(directory)}/vagrant-files`;
  const read = (name: string): string | undefined =>
    files.kindOf(path) === 'file' ? textAt(parseJson(files.readText(path)), name) : undefined;
  const write = (names: readonly string[], valueOf: (name: string) => string | undefined) => {
    const before: unknown = files.kindOf(path) === 'file' ? parseJson(files.readText(path)) : undefined;
    const kept = typeof before === 'object' && before !== null ? Object.entries(before) : [];
    const rest = kept.filter(([name]) => !names.includes(name));
    const entries = [...rest, ...names.flatMap((name) => [[name, valueOf(name)] as const])];
    files.makeFolders(hostsFolder(directory));
    // Values that are undefined are left out.
    files.writeText(path, JSON.stringify(Object.fromEntries(entries)), false);
  };
  const fingerprintsOf = (plan: Plan) =>
    new Map([...nodeTexts(plan)].map(([name, text]) => [name, textFingerprint(text)]));
  return {
    notGiven: (plan) => {
      const wanted = fingerprintsOf(plan);
      return plan.nodes.map(({ name }) => name).filter((name) => read(name) !== wanted.get(name));
    },
    write: (plan, names) => {
      const wanted = fingerprintsOf(plan);
      write(names, (name) => wanted.get(name));
    },
    forget: (names) => {
      if (files.kindOf(path) === 'file') write(names, () => undefined);
    },
  };
}
