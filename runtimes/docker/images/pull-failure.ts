import { UserError } from '../../../errors/user-error.ts';
import type { Cause } from '../../../checks/likely-cause.ts';

interface Row extends Cause {
  readonly pattern: RegExp;
  /** Another image may come all the same. */
  readonly ofThisImage?: boolean;
}

/** Why images do not come, in the words of docker/cli, moby, containerd and the registries. The first that fits counts. */
const rows: readonly Row[] = [
  {
    pattern: /toomanyrequests|rate limit/i,
    cause: 'the registry limits how often you may pull',
    fix: 'docker login, wait, or take it from elsewhere: --registry-mirror URL',
  },
  {
    pattern: /proxyconnect|407 Proxy Authentication/i,
    cause: 'the proxy refuses',
    fix: "set Docker's own proxy (https://docs.docker.com/engine/daemon/proxy/)",
  },
  {
    pattern: /manifest\.v1|schema ?1|unsupported manifest media type/i,
    cause: 'it is an image of before 2016 (manifest schema 1), which Docker removed',
    fix: 'take another image',
    ofThisImage: true,
  },
  {
    pattern: /no matching manifest for|does not match the specified platform/i,
    cause: 'there is none for the processor of this machine',
    fix: 'set its platform, too (images.overrides), and have emulation installed',
    ofThisImage: true,
  },
  {
    pattern: /x509|certificate/i,
    cause: "the registry's certificate is not trusted",
    fix: 'give Docker the certificate (/etc/docker/certs.d), or use a registry that it trusts',
  },
  {
    pattern: /no space left on device|disk quota/i,
    cause: 'the disk of the Docker Engine is full',
    fix: 'docker system prune makes room',
  },
  {
    pattern:
      /no such host|network is unreachable|i\/o timeout|connection refused|TLS handshake timeout|Client\.Timeout|deadline exceeded|no route to host|connection reset|server misbehaving|EOF/i,
    cause: 'the registry cannot be reached: no network, or no name server',
    fix: 'get a network; or bring the images along: create-mesos-cluster images save on a machine that has one, images load here',
  },
  {
    pattern: /unauthorized|authentication required|denied: |no basic auth/i,
    cause: 'the registry wants you to log in, or has no such image',
    fix: 'docker login, or take another image',
    ofThisImage: true,
  },
  {
    pattern: /not found|manifest unknown|does not exist/i,
    cause: 'the registry has no such image',
    fix: 'take another image',
    ofThisImage: true,
  },
];

const rowOf = (words: string): Row | undefined => rows.find(({ pattern }) => pattern.test(words));

/** Why an image could not be pulled. */
export const pullCause = (words: string): Cause =>
  rowOf(words) ?? { cause: 'the registry does not give it', fix: 'take another image' };

/** Whether other images may come where this one does not. */
export const mayPullOthers = (words: string): boolean => rowOf(words)?.ofThisImage === true;

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
    fix: `${fix}; images.overrides.${part} in mesos-cluster.yaml takes another one`,
  });
}
