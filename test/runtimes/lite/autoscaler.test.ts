import { describe, expect, it } from 'vitest';
import { autoscaler } from '../../../runtimes/lite/autoscaler.ts';

const world = { environment: {}, readFile: () => undefined };
const marathon = ['--marathon-url', 'http://marathon1:8080', 'http://marathon2:8080/'];

describe('the program autoscaler', () => {
  it('takes several URLs behind one flag', () => {
    expect(() => autoscaler.prepare([...marathon, '--interval', '5secs', '--http-port=8099'], world)).not.toThrow();
  });

  it.each<[string, readonly string[], string]>([
    ['no Marathon', [], 'argument --marathon-url is required'],
    ['no URL', ['--marathon-url', 'marathon1'], "argument --marathon-url: invalid URL: 'marathon1'"],
    ['no interval', [...marathon, '--interval', '15'], "argument --interval: invalid duration: '15'"],
    ['too short an interval', [...marathon, '--interval', '10ms'], "argument --interval: invalid duration: '10ms'"],
    ['no port', [...marathon, '--http-port', 'http'], "argument --http-port: invalid port: 'http'"],
    ['an unknown flag', [...marathon, '--marathon'], 'unrecognized arguments: --marathon'],
    ['a flag without its value', ['--marathon-url'], 'argument --marathon-url: expected one argument'],
  ])('refuses %s', (_, words, message) => {
    expect(() => autoscaler.prepare(words, world)).toThrow(`autoscaler: error: ${message}`);
  });
});
