import { describe, expect, it } from 'vitest';
import { autoscaler } from '../../../runtimes/lite/autoscaler.ts';

const world = { environment: {}, readFile: () => undefined };
const marathon = ['--marathon-url', 'http://marathon1:8080', 'http://marathon2:8080/'];

describe('the program autoscaler', () => {
  it('takes several URLs behind one flag', () => {
    expect(() => autoscaler.prepare([...marathon, '--interval', '5secs', '--http-port=8099'], world)).not.toThrow();
    const agents = ['--agents', '2-4', '--agents-cooldown', '2mins'];
    expect(() => autoscaler.prepare([...marathon, ...agents], world)).not.toThrow();
  });

  it.each<[string, readonly string[], string]>([
    ['no Marathon', [], 'argument --marathon-url is required'],
    ['no URL', ['--marathon-url', 'marathon1'], "argument --marathon-url: invalid URL: 'marathon1'"],
    ['no interval', [...marathon, '--interval', '15'], "argument --interval: invalid duration: '15'"],
    ['too short an interval', [...marathon, '--interval', '10ms'], "argument --interval: invalid duration: '10ms'"],
    ['no port', [...marathon, '--http-port', 'http'], "argument --http-port: invalid port: 'http'"],
    ['no range of agents', [...marathon, '--agents', '4'], "argument --agents: invalid range: '4', such as 2-6"],
    ['a range that is none', [...marathon, '--agents', '4-2'], "argument --agents: invalid range: '4-2'"],
    [
      'no cooldown of agents',
      [...marathon, '--agents', '2-4', '--agents-cooldown', '2'],
      "argument --agents-cooldown: invalid duration: '2'",
    ],
    [
      'a cooldown of no agents',
      [...marathon, '--agents-cooldown', '2mins'],
      'argument --agents-cooldown: not allowed without argument --agents',
    ],
    ['an unknown flag', [...marathon, '--marathon'], 'unrecognized arguments: --marathon'],
    ['a flag without its value', ['--marathon-url'], 'argument --marathon-url: expected one argument'],
  ])('refuses %s', (_, words, message) => {
    expect(() => autoscaler.prepare(words, world)).toThrow(`autoscaler: error: ${message}`);
  });
});
