import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandResult, RunCommand } from '../../../platform/processes/run-command.ts';

export interface FakeVagrant {
  readonly runCommand: RunCommand;
  /** Its arguments, call by call. */
  readonly calls: readonly string[];
}

/**
 * A fake `vagrant`: keeps the states of its machines below .vagrant, as the real one does, and fails to make those for
 * which there is a file `fail-NAME`. Its machines are no machines; `ssh` answers what Docker would say in them.
 */
export function fakeVagrant(): FakeVagrant {
  const calls: string[] = [];
  const runCommand: RunCommand = (_, words, { cwd, onLine }) => {
    calls.push(words.join(' '));
    const lines: string[] = [];
    const exitCode = call(cwd, words, (line) => {
      lines.push(line);
      onLine?.(line);
    });
    return Promise.resolve({ kind: 'ended', exitCode, stdout: lines.join('\n'), stderr: '' } satisfies CommandResult);
  };
  return { runCommand, calls };
}

function call(cwd: string, [verb, ...words]: readonly string[], print: (line: string) => void): number {
  const path = join(cwd, '.vagrant/fake-states.json');
  const states = new Map<string, string>(
    existsSync(path) ? Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>) : [],
  );
  const all = [...readFileSync(join(cwd, 'Vagrantfile'), 'utf8').matchAll(/\{ name: '([^']+)'/g)].flatMap(
    ([, name]) => name ?? [],
  );
  const named = words.filter((word) => all.includes(word));
  const machines = named.length > 0 ? named : all;
  const save = () => {
    mkdirSync(join(cwd, '.vagrant'), { recursive: true });
    writeFileSync(path, JSON.stringify(Object.fromEntries(states)));
    for (const name of all) {
      const folder = join(cwd, '.vagrant/machines', name);
      mkdirSync(join(folder, 'fake'), { recursive: true });
      if (states.has(name)) writeFileSync(join(folder, 'fake/id'), name);
      else rmSync(join(folder, 'fake/id'), { force: true });
    }
    return 0;
  };
  switch (verb) {
    case '--version':
    case 'provision':
      return 0;
    case 'status':
      for (const name of all) print(`1700000000,${name},state,${states.get(name) ?? 'not_created'}`);
      return 0;
    case 'up':
      for (const name of machines) {
        if (existsSync(join(cwd, `fail-${name}`))) {
          print(`==> ${name}: The box cannot be downloaded.`);
          save();
          return 1;
        }
        print(`==> ${name}: Booting VM...`);
        states.set(name, 'running');
      }
      return save();
    case 'halt':
      for (const name of machines) if (states.has(name)) states.set(name, 'poweroff');
      return save();
    case 'destroy':
      for (const name of machines) states.delete(name);
      return save();
    case 'ssh':
      return dockerIn(words[0] ?? '', words.at(-1) ?? '', print);
    default:
      return 2;
  }
}

function dockerIn(name: string, command: string, print: (line: string) => void): number {
  if (!command.startsWith('sudo docker ')) return 1;
  if (command.includes(' logs ')) print('mesos-agent-1  | said in a fake machine');
  if (command.includes(' ps ')) {
    const role = name === 'node1' ? 'mesos-master' : 'mesos-agent';
    const folder = `/opt/mesos-cluster/nodes/${name}`;
    const container = ['id', `lab-${role}-1`, 'running', 'Up 1 second', 'image', 'lab'];
    print([...container, name, role, role, folder, `${folder}/docker-compose.yml`].join('\t'));
  }
  return 0;
}
