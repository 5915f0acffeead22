import { describe, expect, it } from 'vitest';
import { loadMarathonLbFlags } from '../../../runtimes/lite/marathon-lb-flags.ts';

const good = ['sse', '--marathon', 'http://a:8080', '--group', 'external'];

describe('flags of marathon-lb', () => {
  it('are those that the generator writes', () => {
    const words = ['sse', '--marathon', 'http://a:8080', 'http://b:8080', '--group', 'external', '--health-check'];
    expect(loadMarathonLbFlags(words, { PORTS: '9090,10000' })).toEqual({
      marathonUrls: ['http://a:8080', 'http://b:8080'],
      groups: ['external'],
      statsPort: 9090,
      bindsHttp: true,
      certificateFiles: [],
      hasMaps: false,
      withoutEffect: [],
    });
  });

  it('have short names, may come again, and say which ones mean nothing here', () => {
    const words = ['poll', '-m', 'http://a:8080', '--group=x', '--group', 'y', '--strict-mode', '-H'];
    expect(loadMarathonLbFlags(words, { PORTS: '9090' })).toMatchObject({
      groups: ['x', 'y'],
      withoutEffect: ['--strict-mode'],
    });
  });

  it('name certificates, separated by commas, and whether there are maps', () => {
    const words = [...good, '--ssl-certs', '/a.pem,/b.pem', '--haproxy-map'];
    expect(loadMarathonLbFlags(words, { PORTS: '9090' })).toMatchObject({
      certificateFiles: ['/a.pem', '/b.pem'],
      hasMaps: true,
      withoutEffect: [],
    });
  });

  it('leave ports 80 and 443 alone when they say so', () => {
    expect(loadMarathonLbFlags([...good, '--dont-bind-http-https'], { PORTS: '9090' })).toMatchObject({
      bindsHttp: false,
      withoutEffect: [],
    });
  });

  it.each<[string, readonly string[], Readonly<Record<string, string>>, number, string]>([
    ['no PORTS', good, {}, 1, 'Define $PORTS with a comma-separated list of ports to which HAProxy binds'],
    ['a port that is none', good, { PORTS: 'http' }, 1, "PORTS is no comma-separated list of ports: 'http'"],
    [
      'an unknown mode',
      ['watch'],
      { PORTS: '9090' },
      1,
      'Unknown mode watch. Synopsis: marathon-lb poll|sse [marathon_lb.py args]',
    ],
    [
      'no Marathon',
      ['sse', '--group', 'x'],
      { PORTS: '9090' },
      2,
      'marathon_lb.py: error: argument --marathon/-m is required',
    ],
    [
      'no group',
      ['sse', '-m', 'http://a:1'],
      { PORTS: '9090' },
      2,
      'marathon_lb.py: error: argument --group is required: please specify at least one group name',
    ],
    [
      'an unknown flag',
      [...good, '--foo'],
      { PORTS: '9090' },
      2,
      'marathon_lb.py: error: unrecognized arguments: --foo',
    ],
  ])('refuse %s in the words of marathon-lb', (_what, words, environment, exitCode, message) => {
    expect(() => loadMarathonLbFlags(words, environment)).toThrow(
      expect.objectContaining({ message, exitCode }) as Error,
    );
  });
});
