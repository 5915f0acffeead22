import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker, hostEngine, type TestEngine } from './engine.ts';
import { freeOffset } from './free-offset.ts';
import { startRun, type LabRun, type StartedRun } from './lab-run.ts';
import { until } from './until.ts';

/** A container of the lab. */
export interface LabContainer {
  readonly service: string;
  readonly name: string;
  readonly id: string;
  /** `running`, `restarting`, `exited`, … */
  readonly state: string;
  /** Of its main process, as this machine counts; 0 when it does not run. */
  readonly processId: number;
}

/** A lab in a temporary folder, on an Engine, driven by the built program as its user would. */
export interface DockerLab {
  readonly name: string;
  readonly directory: string;
  /** Added to each port of the plan. */
  readonly portOffset: number;
  readonly start: (...argv: readonly string[]) => StartedRun;
  readonly run: (...argv: readonly string[]) => Promise<LabRun>;
  readonly containers: () => Promise<readonly LabContainer[]>;
  /**
   * Kills the main process of services' containers from outside: `docker kill` would count as stopped by hand.
   * @returns the containers as they were
   */
  readonly kill: (...services: readonly string[]) => Promise<readonly LabContainer[]>;
  /** JSON of Marathon or another HTTP service of the lab, by its port before it was moved. */
  readonly ask: (port: number, path: string) => Promise<unknown>;
  /** Runs `down` and removes the folder. */
  readonly remove: () => Promise<void>;
}

const testImage = (name: string) => `create-mesos-cluster-test/${name}:local`;

/** The set lite and ZooKeeper, Engine and registry from Debian's packages: nothing is pulled. */
export const localImages = {
  set: 'lite',
  build: { base: testImage('node'), dockerCli: testImage('node') },
  overrides: {
    zookeeper: { image: testImage('zookeeper') },
    'docker-engine': { image: testImage('dind') },
    registry: { image: testImage('registry') },
  },
} as const;

/** All of them, and the image of the nginx app. */
export const localImageNames: readonly string[] = [...['zookeeper', 'dind', 'node'].map(testImage), 'nginx:1.27'];

let count = 0;

/**
 * Makes a lab.
 * @param spec what differs from a `single` of local images, on ports of its own
 */
export async function dockerLab(
  spec: Readonly<Record<string, unknown>> = {},
  engine: TestEngine = hostEngine,
): Promise<DockerLab> {
  const folder = mkdtempSync(join(tmpdir(), 'docker-lab-'));
  const directory = join(folder, 'lab');
  const name = `cmc-test-${String(process.pid)}-${String(++count)}`;
  const portOffset = await freeOffset();
  const all = { name, images: localImages, ports: { offset: portOffset }, ...spec };
  // JSON is YAML.
  writeFileSync(join(folder, 'spec.yaml'), JSON.stringify(all, undefined, 2));

  const startIn = (cwd: string, argv: readonly string[]) =>
    startRun(engine, cwd, argv, { XDG_STATE_HOME: join(folder, 'state') });
  const run = (...argv: readonly string[]) => startIn(directory, argv).ended;
  const containers = () => containersOf(engine, name);
  const lab: DockerLab = {
    name,
    directory,
    portOffset,
    start: (...argv) => startIn(directory, argv),
    run,
    containers,
    kill: async (...services) => {
      const found = (await containers()).filter(({ service }) => services.includes(service));
      if (found.length !== services.length) throw new Error(`not all of ${services.join(', ')} are there`);
      for (const { processId } of found) process.kill(processId, 'SIGKILL');
      return found;
    },
    ask: async (port, path) => {
      const answer = await fetch(`http://127.0.0.1:${String(port + portOffset)}${path}`, {
        signal: AbortSignal.timeout(5000),
      });
      return answer.json();
    },
    remove: async () => {
      const down = startIn(folder, ['down', '--lab', directory]);
      await down.ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  const created = await startIn(folder, ['lab', '--spec', 'spec.yaml', '--yes']).ended;
  if (created.status !== 0) throw new Error(`the lab was not made: ${created.stderr}`);
  return lab;
}

/** Starts a lab on Docker, whatever else this machine could run it on. @throws when `up` fails, with what it said */
export async function upAndVerified(lab: DockerLab, ...flags: readonly string[]): Promise<LabRun> {
  const run = await lab.run('up', '--runtime', 'docker', ...flags);
  if (run.status === 0) return run;
  throw new Error(`exit code ${String(run.status)} of up:\n${run.stdout}\n${run.stderr}`);
}

async function containersOf(engine: TestEngine, name: string): Promise<readonly LabContainer[]> {
  const ids = await docker(engine, 'ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${name}`);
  if (ids === '') return [];
  const format =
    '{{index .Config.Labels "com.docker.compose.service"}} {{.Name}} {{.Id}} {{.State.Status}} {{.State.Pid}}';
  const lines = (await docker(engine, 'inspect', '--format', format, ...ids.split('\n'))).split('\n');
  return lines.map((line) => {
    const [service = '', path = '', id = '', state = '', processId = '0'] = line.split(' ');
    return { service, name: path.slice(1), id, state, processId: Number(processId) };
  });
}

/** Runs `verify` until it passes, and says how long that took, ms. @throws when time is up, with what it said last */
export async function verifiedAgain(lab: DockerLab, timeoutMs: number): Promise<number> {
  const startedAt = performance.now();
  await until(
    'verified',
    timeoutMs,
    async () => {
      const { status, stdout, stderr } = await lab.run('verify', '--timeout', '20');
      if (status === 0) return { value: true };
      const states = (await lab.containers()).map(({ service, state }) => `${service} ${state}`).join(', ');
      return { seen: `${stdout}${stderr}\n${states}` };
    },
    1000,
  );
  return performance.now() - startedAt;
}
