import type { Problem } from '../../../errors/user-error.ts';
import type { SshDestination, TunnelResult } from '../../../platform/network/ssh-tunnel.ts';

type Failure = Exclude<TunnelResult, { readonly kind: 'open' }>;

interface Row {
  readonly pattern: RegExp;
  readonly reason: string;
  readonly fix: (words: SshWords) => string;
}

/** What a person types. */
interface SshWords {
  /** `ssh -p 2222 root@10.0.0.2` */
  readonly login: string;
  /** `ssh-keyscan -p 2222 10.0.0.2` */
  readonly keyscan: string;
  readonly host: string;
}

/** In the words of OpenSSH 7 to 9 (ssh.c, sshconnect.c, sshconnect2.c). The first that fits counts. */
const rows: readonly Row[] = [
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for .* has changed/,
    reason: 'its host key is another one than this machine knows: it was set up anew, or somebody else answers for it',
    fix: ({ host, keyscan }) =>
      `find out why. If it was set up anew: ssh-keygen -R ${host}, compare what ${keyscan} | ssh-keygen -lf - shows with its own /etc/ssh/ssh_host_*_key.pub, then log in once by hand`,
  },
  {
    pattern: /Host key verification failed|No \S+ host key is known/,
    reason: 'its host key is not known here, and is never accepted unseen',
    fix: ({ login, keyscan }) =>
      `${login} asks you once; or ${keyscan} >> ~/.ssh/known_hosts, after you have compared the key with the machine's own (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub)`,
  },
  {
    pattern: /Permission denied \(|Too many authentication failures|no mutual signature/,
    reason: 'it does not take the SSH key of this machine',
    fix: ({ login }) =>
      `${login.replace(/^ssh/, 'ssh-copy-id')} brings your key there; a key with a passphrase needs ssh-add first; ${login} must work without a question`,
  },
  {
    pattern: /Could not resolve hostname/,
    reason: 'its name is not known to any name server',
    fix: ({ host }) => `write its address instead of ${host}, or give ~/.ssh/config a HostName for it`,
  },
  {
    pattern: /Connection refused/,
    reason: 'nobody listens at its SSH port',
    fix: ({ login }) => `start sshd there, or write its port: ssh://user@host:PORT; then ${login}`,
  },
  {
    pattern: /timed out|No route to host|Network is unreachable|Host is down/i,
    reason: 'it does not answer',
    fix: ({ host }) => `is it on, is its cable in, does a firewall let this machine through? ping ${host}`,
  },
  {
    pattern: /Connection (?:closed|reset) by|kex_exchange_identification/,
    reason: 'it ends the connection before anybody is logged in',
    fix: ({ login }) => `${login} -v shows where; MaxStartups and AllowUsers in its sshd_config may be the reason`,
  },
];

/** Why a machine is not reached over SSH. */
export function sshProblem(node: string, destination: SshDestination, failure: Failure): Problem {
  const code = 'MACHINE_NODE_UNREACHABLE';
  if (failure.kind === 'missing') {
    const fix = 'install OpenSSH (openssh-client)';
    return { code, message: `${node} is reached over SSH, and ssh is not on this machine, or not on PATH`, fix };
  }
  const { host } = destination;
  const words = wordsFor(destination);
  const found = lastWords(failure.words);
  const row = failure.timedOut
    ? rows.find(({ reason }) => reason === 'it does not answer')
    : rows.find(({ pattern }) => pattern.test(failure.words));
  return {
    code,
    message: `${node} (${host}) cannot be reached over SSH: ${row?.reason ?? 'ssh failed'}`,
    ...(found === '' ? {} : { found }),
    fix: row?.fix(words) ?? `${words.login} must work without a question`,
  };
}

function wordsFor({ user, host, port }: SshDestination): SshWords {
  const at = port === undefined ? '' : `-p ${port} `;
  return {
    login: `ssh ${at}${user === undefined ? '' : `${user}@`}${host}`,
    keyscan: `ssh-keyscan ${at}${host}`,
    host,
  };
}

/** The last lines, without the frame that OpenSSH draws around a warning. */
function lastWords(words: string): string {
  const lines = words.split(/\r?\n/).map((line) => line.trim());
  return lines
    .filter((line) => line !== '' && !/^@+/.test(line))
    .slice(-2)
    .join(' / ');
}

/** Reads `ssh://user@host:port`, as the spec's checks let it pass. */
export function sshDestination(endpoint: string): SshDestination | undefined {
  const [, user, host, port] = /^ssh:\/\/(?:([^@/]*)@)?(\[[^\]]*\]|[^:/@]+)(?::(\d+))?/.exec(endpoint) ?? [];
  if (host === undefined) return undefined;
  return {
    ...(user === undefined ? {} : { user }),
    host: host.replace(/^\[|\]$/g, ''),
    ...(port === undefined ? {} : { port: Number(port) }),
  };
}
