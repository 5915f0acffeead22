import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';

/** A process of this machine. */
export interface ProcessRow {
  readonly id: number;
  readonly groupId: number;
  readonly parentId: number;
  /** Differs between two processes that had the same id, also over a restart of the machine. Only to be compared. */
  readonly startTime: string;
}

/** What the living processes of a group have used. */
export interface ProcessUsage {
  readonly userSeconds: number;
  readonly systemSeconds: number;
  readonly residentBytes: number;
}

/** Clock ticks per second in /proc: 100 on every Linux that Node runs on (`getconf CLK_TCK`). */
const ticksPerSecond = 100;

interface Row extends ProcessRow {
  readonly userSeconds: number;
  readonly systemSeconds: number;
  /** Where it costs nothing to know it. */
  readonly residentBytes?: number;
}

const isLinux = process.platform === 'linux';

export const listProcesses = async (): Promise<readonly ProcessRow[]> => (isLinux ? linuxRows() : psRows());

export async function describeProcess(id: number): Promise<ProcessRow | undefined> {
  if (isLinux) return linuxRow(String(id), await readBootId());
  return (await psRows(['-p', String(id)])).at(0);
}

/** Also undefined for a process that has gone, or is another user's. */
export async function environmentOf(id: number): Promise<Readonly<Record<string, string>> | undefined> {
  if (!isLinux) return undefined;
  const text = await readFile(`/proc/${id}/environ`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  return Object.fromEntries(
    text
      .split('\0')
      .filter((entry) => entry.includes('='))
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

export async function readUsage(groupIds: ReadonlySet<number>): Promise<ReadonlyMap<number, ProcessUsage>> {
  const usage = new Map<number, ProcessUsage>();
  if (groupIds.size === 0) return usage;
  for (const row of isLinux ? await linuxRows() : await psRows()) {
    if (!groupIds.has(row.groupId)) continue;
    const sum = usage.get(row.groupId) ?? { userSeconds: 0, systemSeconds: 0, residentBytes: 0 };
    usage.set(row.groupId, {
      userSeconds: sum.userSeconds + row.userSeconds,
      systemSeconds: sum.systemSeconds + row.systemSeconds,
      residentBytes: sum.residentBytes + (row.residentBytes ?? (await linuxResident(row.id))),
    });
  }
  return usage;
}

const readBootId = async () => (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim();

async function linuxRows(): Promise<readonly Row[]> {
  const bootId = await readBootId();
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return (await Promise.all(ids.map((id) => linuxRow(id, bootId)))).filter((row) => row !== undefined);
}

/** A zombie has ended, and waits for its parent to take note. */
const hasEnded = (state: string) => state.startsWith('Z') || state.startsWith('X');

/** `man 5 proc`: the second field of stat is in parentheses and may hold anything. */
async function linuxRow(id: string, bootId: string): Promise<Row | undefined> {
  const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = '', parentId, groupId] = fields;
  const [userTicks, systemTicks, startTicks] = [fields[11], fields[12], fields[19]];
  if (startTicks === undefined || hasEnded(state)) return undefined;
  return {
    id: Number(id),
    groupId: Number(groupId),
    parentId: Number(parentId),
    startTime: `${bootId}/${startTicks}`,
    userSeconds: Number(userTicks) / ticksPerSecond,
    systemSeconds: Number(systemTicks) / ticksPerSecond,
  };
}

async function linuxResident(id: number): Promise<number> {
  const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

const psLine = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\d+)\s+([\d:.-]+)\s+(\S.*\S)\s*$/;

async function psRows(which: readonly string[] = ['-ax']): Promise<readonly Row[]> {
  const text = await new Promise<string>((resolve) => {
    const options = { timeout: 5000, maxBuffer: 16 * 1024 * 1024, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } };
    execFile('ps', [...which, '-o', 'pid=,pgid=,ppid=,stat=,rss=,time=,lstart='], options, (error, stdout) => {
      resolve(error === null ? stdout : '');
    });
  });
  return text.split('\n').flatMap((line) => {
    const [, id, groupId, parentId, state = '', kilobytes, time, startTime] = psLine.exec(line) ?? [];
    if (time === undefined || startTime === undefined || hasEnded(state)) return [];
    return {
      id: Number(id),
      groupId: Number(groupId),
      parentId: Number(parentId),
      startTime,
      userSeconds: secondsOf(time),
      // ps does not tell them apart.
      systemSeconds: 0,
      residentBytes: Number(kilobytes) * 1024,
    };
  });
}

/** `[days-][hours:]minutes:seconds` */
function secondsOf(time: string): number {
  const [clock = '', days = '0'] = time.split('-').reverse();
  return clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) + Number(days) * 86_400;
}
