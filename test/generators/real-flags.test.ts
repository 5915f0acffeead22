import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { generateLabs } from '../../scripts/generated/lab-folders.ts';
import { flagPrograms, flagsOf, isCalled, type FlagProgram } from '../../planning/flag-tables/available-flags.ts';
import { disallowedValue } from '../../planning/flag-tables/check-flag-value.ts';
import type { ImageSetName } from '../../planning/catalogue/roles.ts';
import { isComposeFile, readCompose } from '../support/compose-file.ts';

const labs = await generateLabs(fileURLToPath(new URL('../..', import.meta.url)));

interface Given {
  readonly program: FlagProgram;
  readonly name: string;
  readonly value: string;
}

/** What the Compose files of a lab give to the programs whose flags are known, in variables and on command lines. */
function givenFlags({ files }: (typeof labs)[number]): readonly Given[] {
  const services = files.filter(isComposeFile).flatMap(({ content }) => Object.values(readCompose(content).services));
  return services.flatMap(({ labels, environment = {}, command }): Given[] => {
    const program = flagPrograms.find((each) => each === labels?.['create-mesos-cluster.role']);
    if (program === undefined) return [];
    const prefix = program === 'marathon' ? 'MARATHON_' : 'MESOS_';
    const variables = Object.entries(environment).filter(([name]) => /^(?:MESOS|MARATHON)_/.test(name));
    const words = (Array.isArray(command) ? command : []).map(String).filter((word) => /^--\w+=/.test(word));
    return [
      ...variables.map(([name, value]) => ({
        program,
        // Of another program: no flag has such a name.
        name: name.startsWith(prefix) ? name.slice(prefix.length).toLowerCase() : name,
        value: String(value).replaceAll('$$', '$'),
      })),
      ...words.map((word) => {
        const [, name = '', value = ''] = /^--(\w+)=(.*)$/s.exec(word) ?? [];
        return { program, name, value };
      }),
    ];
  });
}

/** Why a program of this image set would not take a flag. */
function objection(imageSet: ImageSetName, { program, name, value }: Given): string | undefined {
  const flags = flagsOf(program, imageSet);
  const isSwitch = program === 'marathon' && value === '';
  const flag =
    flags.find((each) => isCalled(each, name)) ??
    (isSwitch ? flags.find((each) => `disable_${each.name}` === name && each.type === 'boolean') : undefined);
  if (flag === undefined) return `${program} of ${imageSet} has no flag ${name}`;
  if (isSwitch) return flag.type === 'boolean' ? undefined : `${name} is no switch`;
  const number = flag.type === 'integer' || flag.type === 'number' ? Number(value) : undefined;
  const allowed = disallowedValue(flag, number ?? (flag.type === 'boolean' ? value === 'true' : value));
  return allowed === undefined ? undefined : `${name}=${value} is not ${allowed}`;
}

describe('the flags in generated files', () => {
  it.each(labs)('$folder: all exist in the real programs, with such values', (lab) => {
    const given = givenFlags(lab);
    expect(given.length).toBeGreaterThan(0);
    expect(given.flatMap((each) => objection(lab.plan.imageSet, each) ?? [])).toEqual([]);
  });

  it('would be found out', () => {
    const wrong: readonly Given[] = [
      { program: 'mesos-master', name: 'quorom', value: '1' },
      { program: 'mesos-agent', name: 'zk', value: 'zk://z:2181/mesos' },
      { program: 'mesos-agent', name: 'docker_remove_delay', value: '15' },
      { program: 'marathon', name: 'port', value: '8080' },
      { program: 'marathon', name: 'http_port', value: '' },
    ];
    expect(wrong.filter((each) => objection('clusterd', each) === undefined)).toEqual([]);
    expect(objection('stock', { program: 'mesos-agent', name: 'enable_cgroups_v2', value: 'true' })).toContain(
      'no flag',
    );
  });
});
