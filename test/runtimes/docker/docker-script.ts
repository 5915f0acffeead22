import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A program called docker, that the real docker-compose package starts. */
export interface DockerScript {
  /** For the environment: it is found first. */
  readonly PATH: string;
  /** Every call, its words joined. */
  readonly asked: () => readonly string[];
}

/** @param script a shell script, which sees the words behind `docker` as "$@" */
export function dockerScript(script = ''): DockerScript {
  const folder = mkdtempSync(join(tmpdir(), 'docker-script-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const log = join(folder, 'asked');
  const program = join(folder, 'docker');
  writeFileSync(program, `#!/bin/sh\necho "docker $*" >>'${log}'\n${script}\n`);
  chmodSync(program, 0o755);
  return {
    PATH: `${folder}${delimiter}${process.env.PATH ?? ''}`,
    asked: () => (existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []),
  };
}
