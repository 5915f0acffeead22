import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenSshTunnel } from '../../../platform/network/ssh-tunnel.ts';
import type { CommandResult, RunCommand } from '../../../platform/processes/run-command.ts';

export interface FakeVagrant {
  /** `vagrant`; and `docker`, which reaches the machines' Engines by the tunnels below. */
  readonly runCommand: RunCommand;
  /** Into the machines that run, by what `ssh-config` has printed. */
  readonly openTunnel: OpenSshTunnel;
  /** The arguments of `vagrant`, call by call. */
  readonly calls: readonly string[];
  /** The provisioners that have run, as `node1 start`. */
  readonly provisioned: readonly string[];
  /** Machines that let nobody in. */
  readonly silent: Set<string>;
}

/** What is kept of the machines below .vagrant. */
interface Kept {
  readonly states: Record<string, string>;
  /** The states of the containers, by machines and services. */
  readonly containers: Record<string, Record<string, string>>;
  made: number;
}

/**
 * A fake `vagrant`, as the real 2.3.4 with vagrant-libvirt was seen to behave: it keeps the states of its machines below
 * .vagrant; runs the provisioner `install` once, which it notes before it does, and `start` at every `up`, on running
 * machines, too; and ends ssh-config at the first machine that does not run. It fails to make machines for which there is
 * a file `fail-NAME`, and to start their containers with `fail-start-NAME`. Its machines are no machines.
 */
export function fakeVagrant(): FakeVagrant {
  const calls: string[] = [];
  const provisioned: string[] = [];
  const silent = new Set<string>();
  let folder = '/';
  const runCommand: RunCommand = (program, words, { cwd, onLine, env }) => {
    const lines: string[] = [];
    const print = (line: string) => {
      lines.push(line);
      onLine?.(line);
    };
    let exitCode: number;
    if (program === 'docker') exitCode = docker(folder, words, print);
    else {
      calls.push(words.join(' '));
      folder = cwd;
      exitCode = call(cwd, words, print, { provisioned, vagrantfile: env?.['VAGRANT_VAGRANTFILE'] ?? 'Vagrantfile' });
    }
    return Promise.resolve({ kind: 'ended', exitCode, stdout: lines.join('\n'), stderr: '' } satisfies CommandResult);
  };
  const openTunnel: OpenSshTunnel = ({ host, configFile = '' }) => {
    // Of a lab that another fake has made.
    folder = configFile.split('/.mesos-cluster/')[0] ?? '';
    const isIn = read(folder).states[host] === 'running' && !silent.has(host);
    if (!isIn) return Promise.resolve({ kind: 'failed', words: 'Connection refused', timedOut: false });
    const closed = new Promise<void>(() => undefined);
    return Promise.resolve({ kind: 'open', socket: `/fake/${host}.sock`, said: `${host}\n`, closed });
  };
  return { runCommand, openTunnel, calls, provisioned, silent };
}

const keptIn = (folder: string) => join(folder, '.vagrant/fake.json');

function read(folder: string): Kept {
  const path = keptIn(folder);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Kept) : { states: {}, containers: {}, made: 0 };
}

function call(
  cwd: string,
  [verb, ...words]: readonly string[],
  print: (line: string) => void,
  { provisioned, vagrantfile }: { readonly provisioned: string[]; readonly vagrantfile: string },
): number {
  const kept = read(cwd);
  const { states, containers } = kept;
  const all = [...readFileSync(join(cwd, vagrantfile), 'utf8').matchAll(/(?:\{ name:|vm\.define) '([^']+)'/g)].flatMap(
    ([, name]) => name ?? [],
  );
  const named = words.filter((word) => all.includes(word));
  const machines = named.length > 0 ? named : all;
  const folderOf = (name: string) => join(cwd, '.vagrant/machines', name, 'fake');
  const ended = (exitCode: number) => {
    mkdirSync(join(cwd, '.vagrant'), { recursive: true });
    writeFileSync(keptIn(cwd), JSON.stringify(kept));
    return exitCode;
  };
  const make = (name: string): boolean => {
    if (existsSync(join(cwd, `fail-${name}`))) {
      print(`==> ${name}: The box cannot be downloaded.`);
      return false;
    }
    print(`==> ${name}: Booting VM...`);
    mkdirSync(folderOf(name), { recursive: true });
    if (states[name] === undefined) writeFileSync(join(folderOf(name), 'id'), `${name}-${String(++kept.made)}`);
    states[name] = 'running';
    return true;
  };
  const provision = (name: string, isAsked: boolean): boolean => {
    const sentinel = join(folderOf(name), 'action_provision');
    const isFirst = !existsSync(sentinel);
    writeFileSync(sentinel, '1.5');
    if (!isFirst && !isAsked) print(`==> ${name}: Machine already provisioned.`);
    if (isFirst || isAsked) provisioned.push(`${name} install`);
    provisioned.push(`${name} start`);
    print(`==> ${name}: Running provisioner: start (shell)...`);
    const failed = existsSync(join(cwd, `fail-start-${name}`));
    containers[name] = Object.fromEntries(servicesOf(name).map((service) => [service, failed ? 'created' : 'running']));
    if (!failed) return true;
    print(`    ${name}: exec: "docker-init": executable file not found`);
    print(`    ${name}: provision: gave up after 3 attempts: docker compose up`);
    return false;
  };
  switch (verb) {
    case '--version':
      return 0;
    case 'status':
      for (const name of all) print(`1700000000,${name},state,${states[name] ?? 'not_created'}`);
      return 0;
    case 'ssh-config':
      for (const name of machines) {
        if (states[name] !== 'running') return 1;
        print(`Host ${name}\n  HostName 127.0.0.1\n  User vagrant\n  Port 1\n  StrictHostKeyChecking no\n`);
      }
      return 0;
    case 'up':
      for (const name of machines) if (states[name] !== 'running' && !make(name)) return ended(1);
      for (const name of words.includes('--no-provision') ? [] : machines) {
        if (provision(name, words.includes('--provision'))) continue;
        print('The SSH command responded with a non-zero exit status. Vagrant');
        print('assumes that this means the command failed.');
        return ended(1);
      }
      return ended(0);
    case 'halt':
      for (const name of machines) if (states[name] !== undefined) states[name] = 'poweroff';
      return ended(0);
    case 'destroy':
      for (const name of machines) {
        // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- as JSON, it has to be gone
        delete states[name];
        rmSync(folderOf(name), { recursive: true, force: true });
      }
      return ended(0);
    case 'ssh':
      return dockerIn(containers, words[0] ?? '', words.at(-1) ?? '', print);
    default:
      return 2;
  }
}

const servicesOf = (name: string) =>
  name === 'node1' ? ['zookeeper', 'mesos-master', 'marathon', 'marathon-lb'] : ['mesos-agent'];

/** `docker --host unix:///fake/NAME.sock …` on this machine. */
function docker(folder: string, words: readonly string[], print: (line: string) => void): number {
  const name = /\/fake\/(.+)\.sock$/.exec(words[1] ?? '')?.[1] ?? '';
  return dockerIn(read(folder).containers, name, `sudo docker ${words.slice(2).join(' ')}`, print);
}

function dockerIn(containers: Kept['containers'], name: string, command: string, print: (line: string) => void) {
  if (!command.startsWith('sudo docker ')) return 1;
  if (command.includes(' logs ')) print('mesos-agent-1  | said in a fake machine');
  if (command.includes(' ps ')) {
    const folder = `/opt/mesos-cluster/nodes/${name}`;
    for (const [role, state] of Object.entries(containers[name] ?? {})) {
      const container = ['id', `lab-${role}-1`, state, 'Up 1 second', 'image', 'lab'];
      print([...container, name, role, role, folder, `${folder}/docker-compose.yml`].join('\t'));
    }
  }
  return 0;
}
