import { describe, expect, it } from 'vitest';
import { probeScript, readProbes } from '../../../../runtimes/hosts/preflight/probe-script.ts';

const of = (line: string) => readProbes(`Welcome to a machine\n${line}\n`);

// Recorded: bash 5.2 on Debian 12, and Node.js 20; the lines of bash 4.4 lack the times of EPOCHREALTIME.
const refused = '127.0.0.1: connect: Connection refused 127.0.0.1: line 1: /dev/tcp/127.0.0.1/22: Connection refused';

describe('what connecting from another machine printed', () => {
  it('counts a refusal as an answer, with its time', () => {
    const [probe] = of(`probe 10.0.0.1 22 ${refused} 0.000 t 1795176894.882246 1795176894.882391`);
    expect(probe).toMatchObject({ address: '10.0.0.1', port: 22, words: '' });
    expect(probe?.ms).toBeCloseTo(0.145, 2);
  });

  it.each([
    ['somebody who listens', '0.002 t 1795176894.880000 1795176894.881500', 1.5],
    ['a comma in numbers', '0,002 t 1795176894,880000 1795176894,881500', 1.5],
    ['a bash without microseconds', `${refused} 0.015 t`, 15],
    ['Node.js', 'ECONNREFUSED 0.005757 t', 5.757],
    ['Node.js, and somebody who listens', ' 0.005757 t', 5.757],
  ])('reads the time of %s', (_, rest, ms) => {
    expect(of(`probe 10.0.0.1 5050 ${rest}`)[0]?.ms).toBeCloseTo(ms, 2);
  });

  it.each([
    ['late', 'no answer'],
    [
      '10.0.0.1: connect: No route to host 10.0.0.1: line 1: /dev/tcp/10.0.0.1/1: No route to host 3.001 t 1.000000 4.000000',
      'no route to host',
    ],
    ['EHOSTUNREACH 3.001000 t', 'no route to host'],
    ['10.0.0.1: connect: Network is unreachable 0.000 t 1.000000 1.000100', 'network is unreachable'],
    ['10.0.0.1: connect: Connection timed out 2.000 t 1.000000 3.000000', 'no answer'],
  ])('tells why there is no answer: %s', (rest, words) => {
    expect(of(`probe 10.0.0.1 1 ${rest}`)).toEqual([{ address: '10.0.0.1', port: 1, ms: undefined, words }]);
  });

  it('passes over what is not its own', () => {
    expect(readProbes('probe\nprobe a b c\nbash: warning\n')).toEqual([]);
  });

  it('is asked for with addresses alone', () => {
    const script = probeScript([
      { address: '10.0.0.1', port: 1 },
      { address: '$(reboot)', port: 2 },
    ]);
    expect(script).toContain('probe 10.0.0.1 1 &');
    expect(script).not.toContain('reboot');
  });
});
