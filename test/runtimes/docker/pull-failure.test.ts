import { describe, expect, it } from 'vitest';
import { pullCause } from '../../../runtimes/docker/images/pull-failure.ts';

describe('why an image cannot be pulled', () => {
  it.each([
    [
      'Error response from daemon: Get "https://registry.example/v2/": dial tcp: lookup registry.example: no such host',
      'no network',
    ],
    ['Error response from daemon: Get "https://registry.example/v2/": net/http: TLS handshake timeout', 'no network'],
    [
      'Error response from daemon: manifest for mesosphere/mesos:9 not found: manifest unknown: manifest unknown',
      'no such image',
    ],
    [
      "pull access denied for nobody/nothing, repository does not exist or may require 'docker login': denied: requested access",
      'log in',
    ],
    ['toomanyrequests: You have reached your pull rate limit.', 'limits how often'],
    ['proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: connection refused', 'the proxy'],
    [
      '[DEPRECATION NOTICE] Docker Image Format v1 and Docker Image manifest version 2, schema 1 support is disabled',
      'manifest schema 1',
    ],
    ['no matching manifest for linux/arm64/v8 in the manifest list entries', 'processor'],
    ['tls: failed to verify certificate: x509: certificate signed by unknown authority', 'certificate'],
    ['failed to register layer: write /x: no space left on device', 'disk'],
    ['something new', 'does not give it'],
  ])('%s', (words, cause) => {
    expect(pullCause('nobody/nothing', words).cause).toContain(cause);
  });
});
