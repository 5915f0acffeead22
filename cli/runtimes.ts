import type { Context } from '../platform/context.ts';
import { systemClock } from '../platform/clock.ts';
import { startDaemon } from '../platform/daemon.ts';
import { findPortHolder } from '../platform/port-holder.ts';
import { tryPort } from '../platform/try-port.ts';
import type { ClusterRuntime, RuntimeCandidate } from '../runtimes/cluster-runtime.ts';
import { embeddedRuntime } from '../runtimes/embedded/embedded-runtime.ts';
import { labRegistry, registryFolder, type LabRegistry } from '../runtimes/embedded/lab-registry.ts';

/** The labs that run on this machine without Docker. */
export function registryOf({ files, env }: Context): LabRegistry {
  return labRegistry(files, registryFolder(env));
}

/** The runtime that needs nothing but Node.js. */
export function embeddedOf(context: Context): ClusterRuntime {
  const { files } = context;
  return embeddedRuntime({
    files,
    clock: systemClock,
    startDaemon,
    tryPort,
    findPortHolder,
    registry: registryOf(context),
    endOrphans: async (workFolder) => {
      const { endOrphansBelow } = await import('../runtimes/embedded/end-orphans.ts');
      return endOrphansBelow(workFolder, files);
    },
    script: `${context.toolFolder}/create-mesos-cluster.cjs`,
  });
}

/** How long a Docker daemon may think about who it is. */
const dockerAnswerMs = 5000;

/** Docker, as far as `up` asks about it; what it then does is commands/compose-verbs.ts. */
export function dockerOf({ files, runCommand }: Context, directory: string): RuntimeCandidate {
  return {
    name: 'docker',
    unavailable: async (signal) => {
      if (files.kindOf(`${directory}/docker-compose.yml`) === undefined) {
        return 'the lab has no docker-compose.yml (create-mesos-cluster generate writes it)';
      }
      const options = { cwd: directory, stdio: 'capture', signal, timeoutMs: dockerAnswerMs } as const;
      const result = await runCommand('docker', ['info', '--format', '{{.ServerVersion}}'], options);
      switch (result.kind) {
        case 'missing':
          return 'docker is not on PATH';
        case 'stopped':
          return `docker info gave no answer in ${dockerAnswerMs / 1000} s`;
        case 'ended':
          if (result.exitCode === 0 && result.stdout.trim() !== '') return undefined;
          return firstLine(result.stderr) ?? 'docker info failed';
      }
    },
  };
}

function firstLine(text: string): string | undefined {
  const line = text.trim().split('\n', 1)[0]?.trim();
  return line === '' ? undefined : line;
}
