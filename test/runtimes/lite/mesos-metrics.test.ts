import { describe, expect, it } from 'vitest';
import { mesosMetrics, readMetricsFlags } from '../../../runtimes/lite/mesos-metrics.ts';

const required = ['--listen', '0.0.0.0:9105', '--masters', 'http://m1:5050,http://m2:5050/'];

describe('the flags of mesos-metrics', () => {
  it('are addresses of what is asked', () => {
    const more = ['--marathons=http://a:8080', '--load-balancers', 'http://lb:9090', '--zookeepers', 'z1:2181,z2:2181'];
    expect(readMetricsFlags([...required, ...more, '--timeout', '0.5'])).toEqual({
      ...{ host: '0.0.0.0', port: 9105, timeoutMs: 500 },
      targets: {
        masters: ['http://m1:5050', 'http://m2:5050'],
        marathons: ['http://a:8080'],
        loadBalancers: ['http://lb:9090'],
        zookeepers: ['z1:2181', 'z2:2181'],
      },
    });
    expect(readMetricsFlags(['--listen', '[::1]:80', ...required.slice(2)])).toMatchObject({ host: '::1', port: 80 });
    // As a lab without load balancer has it.
    expect(readMetricsFlags([...required, '--load-balancers', '']).targets.loadBalancers).toEqual([]);
  });

  it.each([
    [[], "--listen is '': expected ADDRESS:PORT"],
    [['--listen', '9105'], "--listen is '9105': expected ADDRESS:PORT"],
    [['--listen', '0.0.0.0:65536'], "--listen is '0.0.0.0:65536': expected ADDRESS:PORT"],
    [required.slice(0, 2), '--masters is missing: expected http://HOST:PORT of each master'],
    [[...required, '--marathons', 'a:8080'], "--marathons has 'a:8080': expected http://HOST:PORT"],
    [[...required, '--zookeepers', 'zk://z1:2181/mesos'], "--zookeepers has 'zk://z1:2181/mesos': expected HOST:PORT"],
    [[...required, '--zookeepers', 'z1:99999'], "--zookeepers has 'z1:99999': expected HOST:PORT"],
    [[...required, '--timeout', '9'], "--timeout is '9': expected seconds, up to 8"],
    [[...required, '--agents', 'x'], "Unknown option '--agents'"],
    [[...required, 'more'], "Unexpected argument 'more'"],
  ])('that are wrong are named, with what is allowed: %j', (words, message) => {
    const world = { environment: {}, readFile: () => undefined };
    expect(() => mesosMetrics.prepare(words, world)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining(message) }),
    );
  });
});
