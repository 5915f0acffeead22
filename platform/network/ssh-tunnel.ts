import { mkdtempSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whom to log in to; what is left out is for the user's own SSH configuration to say. */
export interface SshDestination {
  readonly user?: string;
  readonly host: string;
  readonly port?: number;
  /** A configuration that says all of it, in the place of the user's own, also which keys of hosts are taken. */
  readonly configFile?: string;
}

/** A way to a socket of another machine. */
export interface OpenTunnel {
  readonly kind: 'open';
  /** Absolute: a socket on this machine, which only this user may use. */
  readonly socket: string;
  /** What the first command printed there. */
  readonly said: string;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>;
}

export type TunnelResult =
  | OpenTunnel
  /** `ssh` is not on PATH. */
  | { readonly kind: 'missing' }
  /** In the words of `ssh`; `timedOut`: there were none in time. */
  | { readonly kind: 'failed'; readonly words: string; readonly timedOut: boolean };

export interface TunnelOptions {
  /** Absolute, on the other machine. */
  readonly remoteSocket: string;
  /** Run by the other machine's shell before the tunnel counts as open. */
  readonly firstCommand: string;
  /** How long logging in may take. */
  readonly timeoutMs: number;
  readonly cwd: string;
  /** Gives up logging in; an open tunnel does not heed it. */
  readonly signal?: AbortSignal;
}

/** Opens a tunnel over SSH. It ends with this process, however that ends; not with Ctrl-C, because what cleans up needs it. */
export type OpenSshTunnel = (destination: SshDestination, options: TunnelOptions) => Promise<TunnelResult>;

/**
 * The options of every connection: nothing is asked, and a host whose key is not known is refused, whatever the user's
 * own configuration says. A connection that is dead is given up after 15 s.
 */
export const sshOptions = (connectSeconds: number, configFile?: string): readonly string[] => [
  ...(configFile === undefined ? [] : ['-F', configFile]),
  ...[
    'BatchMode=yes',
    ...(configFile === undefined ? ['StrictHostKeyChecking=yes'] : []),
    `ConnectTimeout=${connectSeconds}`,
    'ServerAliveInterval=5',
    'ServerAliveCountMax=3',
  ].flatMap((option) => ['-o', option]),
];

/** `-l user -p port -- host` */
export const sshPlace = ({ user, host, port }: SshDestination): readonly string[] => [
  ...(user === undefined ? [] : ['-l', user]),
  ...(port === undefined ? [] : ['-p', String(port)]),
  '--',
  host,
];

const marker = 'create-mesos-cluster-tunnel';
let folder: string | undefined;
let count = 0;

/** For sockets, whose paths must be short. */
function socketFolder(): string {
  if (folder !== undefined) return folder;
  const made = mkdtempSync(join(tmpdir(), 'cmc-ssh-'));
  process.once('exit', () => {
    rmSync(made, { recursive: true, force: true });
  });
  return (folder = made);
}

/**
 * The real thing. One connection for all that is asked of a machine: `docker -H ssh://` makes one for each question,
 * and Compose asks many. The other side runs `cat`, which ends when this process does.
 */
export const openSshTunnel: OpenSshTunnel = async (destination, options) => {
  const { remoteSocket, firstCommand, timeoutMs, cwd, signal } = options;
  const { execa } = await import('execa');
  const socket = join(socketFolder(), `${String(++count)}.sock`);
  const words = [
    ...['-T', '-o', 'ControlMaster=no', '-o', 'ControlPath=none', '-o', 'ExitOnForwardFailure=yes'],
    ...sshOptions(Math.ceil(timeoutMs / 1000), destination.configFile),
    ...['-L', `${socket}:${remoteSocket}`, ...sshPlace(destination)],
    `${firstCommand}; echo ${marker}; exec cat`,
  ];
  // A session of its own, which Ctrl-C does not reach.
  const child = execa('ssh', words, { cwd, detached: true, buffer: false, reject: false, cleanup: true });
  let said = '';
  let complaints = '';
  const ended = child.then(({ code }) => code);
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-4000);
  });
  const opened = new Promise<'open'>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < 1_000_000) said += text;
      if (said.includes(`${marker}\n`)) resolve('open');
    });
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => {
      resolve('late');
    }, timeoutMs + 2000);
  });
  const giveUp = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', giveUp, { once: true });
  if (signal?.aborted === true) giveUp();
  const how = await Promise.race([opened, late, ended.then((code) => ({ code }))]);
  signal?.removeEventListener('abort', giveUp);
  clearTimeout(timer);
  if (how !== 'open') {
    child.kill('SIGKILL');
    if (how !== 'late' && how.code === 'ENOENT') return { kind: 'missing' };
    return { kind: 'failed', words: complaints.trim(), timedOut: how === 'late' };
  }
  // It must not keep this process from coming to its end.
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    // A pipe is a socket of Node's, whose types say only that it is a stream.
    if (stream instanceof Socket) stream.unref();
  }
  return {
    kind: 'open',
    socket,
    said: said.slice(0, said.indexOf(marker)),
    closed: ended.then(() => undefined),
  };
};
