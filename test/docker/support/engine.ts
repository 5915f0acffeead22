import { execa } from 'execa';

/** A Docker Engine that tests talk to. */
export interface TestEngine {
  /** Put before a command, so that it runs where this Engine publishes its ports. */
  readonly prefix: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** The Engine of this machine; others may use it at the same time. */
export const hostEngine: TestEngine = { prefix: [], environment: {} };

/** A program where an Engine is, as `up` and the others run it. */
export function commandOn({ prefix, environment }: TestEngine, program: string, args: readonly string[]) {
  const [file = program, ...words] = [...prefix, program, ...args];
  return { file, words, environment };
}

/** What a `docker` command prints. @throws when it fails */
export async function docker(engine: TestEngine, ...args: readonly string[]): Promise<string> {
  const { file, words, environment } = commandOn(engine, 'docker', args);
  const { stdout } = await execa(file, words, { env: environment, timeout: 120_000, stdin: 'ignore' });
  return stdout;
}

/** What an Engine has, each as a sorted list of names. */
export interface EngineSnapshot {
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
  readonly images: readonly string[];
}

const lists = {
  containers: ['ps', '--all', '--no-trunc', '--format', '{{.Names}} {{.ID}} {{.State}}'],
  networks: ['network', 'ls', '--no-trunc', '--format', '{{.Name}} {{.ID}}'],
  volumes: ['volume', 'ls', '--format', '{{.Name}}'],
  images: ['image', 'ls', '--all', '--no-trunc', '--format', '{{.Repository}}:{{.Tag}} {{.ID}}'],
} as const;

export async function snapshotOf(engine: TestEngine): Promise<EngineSnapshot> {
  const linesOf = async (words: readonly string[]) => (await docker(engine, ...words)).split('\n').toSorted();
  const [containers, networks, volumes, images] = await Promise.all([
    linesOf(lists.containers),
    linesOf(lists.networks),
    linesOf(lists.volumes),
    linesOf(lists.images),
  ]);
  return { containers, networks, volumes, images };
}

/** What of a lab an Engine has: everything carries its label, or the name of its Compose project. */
export async function leftOf(engine: TestEngine, lab: string): Promise<readonly string[]> {
  const found = await Promise.all(
    [
      ['ps', '--all', '--format', 'container {{.Names}}'],
      ['network', 'ls', '--format', 'network {{.Name}}'],
      ['volume', 'ls', '--format', 'volume {{.Name}}'],
    ].flatMap((list) =>
      [`label=create-mesos-cluster.lab=${lab}`, `label=com.docker.compose.project=${lab}`].map((filter) =>
        docker(engine, ...list, '--filter', filter),
      ),
    ),
  );
  return [...new Set(found.flatMap((text) => text.split('\n')).filter((line) => line !== ''))].toSorted();
}
