import { describe, expect, it } from 'vitest';
import { durationMs } from '../../../protocol/duration-units.ts';
import { splitPorts } from '../../../runtimes/embedded/ports/split-ports.ts';

describe('the ports of agents on one machine', () => {
  it('stay as they are for one agent', () => {
    expect(splitPorts(['cpus:2;ports:[31000-32000]'])).toEqual(['cpus:2;ports:[31000-32000]']);
  });

  it('are divided among agents that name the same', () => {
    expect(splitPorts(['ports:[10-19]', 'ports(*): [10-19]; cpus:1'])).toEqual([
      'ports:[10-14]',
      ' cpus:1;ports:[15-19]',
    ]);
  });

  it('are divided into as many parts as there may be agents, so that each keeps its own', () => {
    const ports = 'ports:[31000-31999]';
    const first = ['ports:[31000-31249]', 'ports:[31250-31499]'];
    expect(splitPorts([ports, ports], undefined, 4)).toEqual(first);
    expect(splitPorts([ports, ports, ports], undefined, 4)).toEqual([...first, 'ports:[31500-31749]']);
    expect(splitPorts([ports], undefined, 4)).toEqual(first.slice(0, 1));
  });

  it("are Mesos's own where an agent names none", () => {
    expect(splitPorts(['', ''])).toEqual(['ports:[31000-31499]', 'ports:[31500-32000]']);
  });

  it('are those that are given where an agent names none', () => {
    expect(splitPorts(['cpus:1', 'ports:[1-4]', ''], '80-99')).toEqual([
      'cpus:1;ports:[80-89]',
      'ports:[1-4]',
      'ports:[90-99]',
    ]);
  });

  it('are divided range by range', () => {
    expect(splitPorts(['ports:[1-4,10-13]', 'ports:[1-4,10-13]'])).toEqual(['ports:[1-2,10-11]', 'ports:[3-4,12-13]']);
  });

  it('stay as they are where agents have ports of their own', () => {
    expect(splitPorts(['ports:[1-4]', 'ports:[5-8]'])).toEqual(['ports:[1-4]', 'ports:[5-8]']);
  });

  it('in JSON stay as they are', () => {
    expect(splitPorts(['[{"name":"cpus"}]', '[{"name":"cpus"}]'])).toEqual(['[{"name":"cpus"}]', '[{"name":"cpus"}]']);
  });
});

describe('durations of Mesos', () => {
  it.each([
    ['15secs', 15_000],
    ['1.5mins', 90_000],
    ['500ms', 500],
    ['5', undefined],
    ['5 secs', undefined],
    ['5constructor', undefined],
  ])('%s', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });
});
