import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process that listens on a port. */
export interface PortHolder {
  readonly pid: number;
  /** As typed, shortened; what the system lets us see of it. */
  readonly command: string;
  /** The words of the command, whole; empty where the system does not tell them apart. */
  readonly words: readonly string[];
}

/** Finds out who listens on a TCP port of this machine; undefined when the system does not say (another user's). */
export type FindPortHolder = (port: number) => PortHolder | undefined;

/** Best effort, for an error message: /proc on Linux, lsof elsewhere. */
export const findPortHolder: FindPortHolder = (port) => {
  try {
    return process.platform === 'linux' ? fromProc(port) : fromLsof(port);
  } catch {
    return undefined;
  }
};

function fromProc(port: number): PortHolder | undefined {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningInodes(table, port)));
  if (inodes.size === 0) return undefined;
  const sockets = new Set([...inodes].map((inode) => `socket:[${inode}]`));
  const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holdsOneOf(name, sockets));
  if (pid === undefined) return undefined;
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  return { pid: Number(pid), command: shorten(words.join(' ').trim()), words };
}

/** Columns of /proc/net/tcp (proc(5)): local address as hex, port behind the colon; state 0A is LISTEN; inode. */
function listeningInodes(table: string, port: number): readonly string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  let text = '';
  try {
    text = readFileSync(table, 'latin1');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(`:${wanted}`) === true && columns[3] === '0A')
    .flatMap((columns) => columns[9] ?? []);
}

function holdsOneOf(pid: string, sockets: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((descriptor) => {
      try {
        return sockets.has(readlinkSync(`/proc/${pid}/fd/${descriptor}`));
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}

function fromLsof(port: number): PortHolder | undefined {
  const words = ['-nP', `-iTCP:${String(port)}`, '-sTCP:LISTEN', '-Fpc'];
  const text = execFileSync('lsof', words, { encoding: 'utf8', timeout: 3000, stdio: ['ignore', 'pipe', 'ignore'] });
  const pid = /^p(\d+)$/m.exec(text)?.[1];
  return pid === undefined ? undefined : { pid: Number(pid), command: /^c(.*)$/m.exec(text)?.[1] ?? '', words: [] };
}

const shorten = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
