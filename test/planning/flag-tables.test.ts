import { describe, expect, it } from 'vitest';
import { disallowedValue } from '../../planning/flag-tables/check-flag-value.ts';
import { findFlag, type FlagProgram } from '../../planning/flag-tables/find-flag.ts';
import type { FlagTable } from '../../planning/flag-tables/flag-table.ts';
import { marathonFlags } from '../../planning/flag-tables/marathon.ts';
import { mesosAgentFlags } from '../../planning/flag-tables/mesos-agent.ts';
import { mesosCommonFlags } from '../../planning/flag-tables/mesos-common.ts';
import { mesosMasterFlags } from '../../planning/flag-tables/mesos-master.ts';

const tables: readonly (readonly [string, FlagTable])[] = [
  ['marathon', marathonFlags],
  ['mesos-agent', mesosAgentFlags],
  ['mesos-common', mesosCommonFlags],
  ['mesos-master', mesosMasterFlags],
];

/** What one program understands, canonical names and aliases. */
const namesOf = (flags: FlagTable) => flags.flatMap((flag) => [flag.name, ...(flag.aliases ?? [])]);

describe('the tables', () => {
  it('has the defaults that the engine takes, as the programs write them', () => {
    const standard = (program: FlagProgram, flag: string) => findFlag(program, 'clusterd', flag)?.default;
    expect(standard('mesos-master', 'agent_ping_timeout')).toBe('15secs');
    expect(standard('mesos-master', 'agent_reregister_timeout')).toBe('10mins');
    expect(standard('mesos-master', 'max_agent_ping_timeouts')).toBe('5');
    expect(standard('mesos-agent', 'sandbox_directory')).toBe('/mnt/mesos/sandbox');
    expect(standard('mesos-agent', 'zk_session_timeout')).toBe('10secs');
    expect(standard('marathon', 'zk_session_timeout')).toBe('10000');
    expect(standard('marathon', 'local_port_max')).toBe('20000');
  });
});

describe.each(tables)('the table of %s', (_program, flags) => {
  it('is sorted by name', () => {
    const names = flags.map((flag) => flag.name);
    expect(names).toEqual([...names].sort());
  });

  it('writes every name as the environment can carry it', () => {
    expect(namesOf(flags).filter((name) => !/^[a-z][a-z0-9_]*$/.test(name))).toEqual([]);
  });

  it('has defaults that its own check accepts', () => {
    const refused = flags.filter(
      (flag) => flag.default !== undefined && disallowedValue(flag, flag.default) !== undefined,
    );
    expect(refused).toEqual([]);
  });

  it('gives a unit to whole numbers only, and switches to booleans only', () => {
    expect(flags.filter((flag) => flag.unit !== undefined && flag.type !== 'integer')).toEqual([]);
    expect(flags.filter((flag) => flag.presenceOnly === true && flag.type !== 'boolean')).toEqual([]);
  });
});

describe.each([
  ['mesos-master', [...mesosCommonFlags, ...mesosMasterFlags]],
  ['mesos-agent', [...mesosCommonFlags, ...mesosAgentFlags]],
  ['marathon', marathonFlags],
] as const)('the names of %s', (_program, flags: FlagTable) => {
  it('are unique, aliases included', () => {
    const names = namesOf(flags);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

it('keeps a flag that master and agent share with the same meaning in one table', () => {
  const shared = mesosMasterFlags.filter((flag) => mesosAgentFlags.some((other) => other.name === flag.name));
  // Another default, another alias, another sentence.
  expect(shared.map((flag) => flag.name)).toEqual([
    'authenticate_http_readwrite',
    'master_detector',
    'port',
    'work_dir',
  ]);
});
