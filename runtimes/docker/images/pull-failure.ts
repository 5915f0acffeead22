import { UserError } from '../../../errors/user-error.ts';
import type { Cause } from '../../../checks/likely-cause.ts';

/** Why images do not come, in the words of docker/cli, moby, containerd and the registries. The first that fits counts. */
const rows: readonly (readonly [pattern: RegExp, cause: string, fix: string])[] = [
  [
    /toomanyrequests|rate limit/i,
    'the registry limits how often you may pull',
    'docker login, wait, or take it from elsewhere: --registry-mirror URL',
  ],
  [
    /proxyconnect|407 Proxy Authentication/i,
    'the proxy refuses',
    "set Docker's own proxy (https://docs.docker.com/engine/daemon/proxy/)",
  ],
  [
    /manifest\.v1|schema ?1|unsupported manifest media type/i,
    'it is an image of before 2016 (manifest schema 1), which Docker removed',
    'take another image',
  ],
  [
    /no matching manifest for|does not match the specified platform/i,
    'there is none for the processor of this machine',
    'set its platform, too (images.overrides), and have emulation installed; or --image-set lite',
  ],
  [
    /x509|certificate/i,
    "the registry's certificate is not trusted",
    'give Docker the certificate (/etc/docker/certs.d), or use a registry that it trusts',
  ],
  [/no space left on device|disk quota/i, 'the disk of the Docker Engine is full', 'docker system prune makes room'],
  [
    /no such host|network is unreachable|i\/o timeout|connection refused|TLS handshake timeout|Client\.Timeout|deadline exceeded|no route to host|connection reset|server misbehaving|EOF/i,
    'the registry cannot be reached: no network, or no name server',
    'get a network; or bring the images along: create-mesos-cluster images save on a machine that has one, images load here',
  ],
  [
    /unauthorized|authentication required|denied: |no basic auth/i,
    'the registry wants you to log in, or has no such image',
    'docker login, or take another image',
  ],
  [/not found|manifest unknown|does not exist/i, 'the registry has no such image', 'take another image'],
];

/** Why an image could not be pulled. */
export function pullCause(text: string): Cause {
  const row = rows.find(([pattern]) => pattern.test(text));
  return row ? { cause: row[1], fix: row[2] } : { cause: 'the registry does not give it', fix: 'take another image' };
}

/**
 * The error for an image that cannot be pulled.
 * @param part the key under images.overrides
 */
export function pullFailure(reference: string, part: string, words: string): UserError {
  const { cause, fix } = pullCause(words);
  return new UserError({
    code: 'IMAGE_NOT_AVAILABLE',
    message: `the image ${reference} cannot be pulled: ${cause}; nothing was started`,
    ...(words === '' ? {} : { found: words }),
    fix: `${fix}; images.overrides.${part} in mesos-cluster.yaml takes another one; up --runtime embedded needs none`,
  });
}
