import { UserError } from '../../../errors/user-error.ts';
import type { Cause } from '../../../checks/likely-cause.ts';

interface Row {
  readonly pattern: RegExp;
  readonly cause: string;
  /** @param registry `registry.example:5000`; undefined: the one that Docker asks without a name */
  readonly fix: string | ((registry: string | undefined) => string);
  /** Another image may come all the same. */
  readonly ofThisImage?: boolean;
}

const login = (registry: string | undefined) => `docker login${registry === undefined ? '' : ` ${registry}`}`;

/** Trusts what the registry shows as it is: a certificate may be a CA of its own (Docker's "Verify repository client"). */
const trust = (registry = '') => {
  const folder = `/etc/docker/certs.d/${registry}`;
  const address = /:\d+$/.test(registry) ? registry : `${registry}:443`;
  return `sudo mkdir -p ${folder} && openssl s_client -connect ${address} </dev/null 2>/dev/null | openssl x509 | sudo tee ${folder}/ca.crt`;
};

/** Why images do not come, in the words of docker/cli, moby, containerd and the registries. The first that fits counts. */
const rows: readonly Row[] = [
  {
    pattern: /toomanyrequests|rate limit/i,
    cause: 'the registry limits how often you may pull',
    fix: (registry) => `${login(registry)}, or wait for some hours`,
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
    pattern:
      /certificate is (?:not )?valid for|contain any IP SANs|not valid for any names|has expired or is not yet valid/i,
    cause: "the registry's certificate is for another name, or another time",
    fix: 'who runs the registry has to make another one; date shows the time here',
  },
  {
    pattern: /x509|certificate/i,
    cause: "the registry's certificate is not trusted",
    fix: (registry) =>
      registry === undefined
        ? 'a proxy on the way shows one of its own: its CA belongs to those of the machine, then restart Docker'
        : `if it is the right one, on the machine of the Docker Engine: ${trust(registry)}`,
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
    fix: (registry) => `${login(registry)}, or take another image`,
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

/** The registry of a reference, where that names one (github.com/distribution/reference). */
function registryOf(reference: string): string | undefined {
  const [first = '', ...more] = reference.split('/');
  return more.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : undefined;
}

/** Why an image could not be pulled. */
export function pullCause(reference: string, words: string): Cause {
  const row = rowOf(words);
  if (row === undefined) return { cause: 'the registry does not give it', fix: 'take another image' };
  const { cause, fix } = row;
  return { cause, fix: typeof fix === 'string' ? fix : fix(registryOf(reference)) };
}

/** Whether other images may come where this one does not. */
export const mayPullOthers = (words: string): boolean => rowOf(words)?.ofThisImage === true;

/**
 * The error for an image that cannot be pulled.
 * @param part the key under images.overrides
 */
export function pullFailure(reference: string, part: string, words: string): UserError {
  const { cause, fix } = pullCause(reference, words);
  return new UserError({
    code: 'IMAGE_NOT_AVAILABLE',
    message: `the image ${reference} cannot be pulled: ${cause}; nothing was started`,
    ...(words === '' ? {} : { found: words }),
    fix: `${fix}; images.overrides.${part} in mesos-cluster.yaml takes another one`,
  });
}
