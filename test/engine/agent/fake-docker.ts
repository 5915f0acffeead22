import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DockerTasks } from '../../../engine/agent/agent-options.ts';
import { temporaryFolder } from './running-agent.ts';

const cli = fileURLToPath(new URL('fake-docker.sh', import.meta.url));

/** A fake Docker CLI with its fake Engine (fake-docker.sh), which has the image nginx. */
export function fakeDocker(more: Partial<DockerTasks> = {}) {
  const folder = temporaryFolder();
  for (const name of ['containers', 'images', 'registry']) mkdirSync(`${folder}/${name}`);
  writeFileSync(`${folder}/images/nginx:latest`, '');
  const fileOf = (name: string, what: string) => `${folder}/containers/${name}/${what}`;
  const common = { killOrphans: true, removeDelayMs: 60_000, stopTimeoutMs: 1000, engineTimeoutMs: 2000 };
  const tasks: DockerTasks = { cli, socket: `${folder}/docker.sock`, ...common, ...more };
  return {
    folder,
    tasks,
    containers: () => readdirSync(`${folder}/containers`),
    /** A container ends by itself. */
    end: (name: string, status: number, wasOutOfMemory = false) => {
      writeFileSync(fileOf(name, 'exit'), String(status));
      writeFileSync(fileOf(name, 'oom'), String(wasOutOfMemory));
      rmSync(fileOf(name, 'running'));
    },
    print: (name: string, text: string) => {
      writeFileSync(fileOf(name, 'log'), text, { flag: 'a' });
    },
    callsOf: (command: string) =>
      readFileSync(`${folder}/calls`, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith(command)),
    /** The HOME of each pull. */
    homes: () => readFileSync(`${folder}/homes`, 'utf8').trim().split('\n'),
    /** An image can be pulled from now on. @param credentials what `auth` has to be for it; default: whatever it is */
    publish: (image: string, credentials = '') => {
      writeFileSync(`${folder}/registry/${image}`, credentials);
    },
    set: (name: string, isSet = true) => {
      if (isSet) writeFileSync(`${folder}/${name}`, '');
      else rmSync(`${folder}/${name}`);
    },
  };
}
