import { mkdtempSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

/** A Docker Engine of a test's own, in a container: what is done to it touches nothing else on the machine. */
export interface PrivateEngine {
  readonly socket: string;
  /** Address of the container: published ports of the containers inside are here. */
  readonly ip: string;
  /** On the machine and in the container alike; removed with it. */
  readonly folder: string;
  /** Runs `docker` on it; resolves with stdout. */
  readonly docker: (...words: readonly string[]) => Promise<string>;
  /** As `kill -9` of the whole container. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

export const engineImage = 'create-mesos-cluster-test/dind:local';

/** @param images that are copied into it */
export async function startPrivateEngine(name: string, images: readonly string[]): Promise<PrivateEngine> {
  // Not below /tmp, over which the image mounts another file system.
  const folder = mkdtempSync(`/var/tmp/${name}-`);
  const socket = `${folder}/run/docker.sock`;
  const volumes = ['-v', `${folder}/run:/var/run`, '-v', `${folder}/work:${folder}/work`];
  await execa('docker', ['run', '-d', '--privileged', '--name', name, ...volumes, engineImage]);
  const docker = async (...words: readonly string[]) =>
    (await execa('docker', ['-H', `unix://${socket}`, ...words])).stdout;
  const waitUntilReady = async () => {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const { exitCode } = await execa('docker', ['-H', `unix://${socket}`, 'version'], { reject: false });
      if (exitCode === 0) return;
      if (Date.now() > deadline) throw new Error(`The Engine ${name} does not answer`);
      await sleep(200);
    }
  };
  await waitUntilReady();
  for (const image of images) {
    await execa('sh', ['-c', `docker save ${image} | docker -H unix://${socket} load`]);
  }
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  const ip = (await execa('docker', ['inspect', '--format', format, name])).stdout;
  return {
    socket,
    ip,
    folder,
    docker,
    kill: async () => {
      await execa('docker', ['kill', name]);
    },
    start: async () => {
      // The number of the process that was killed is soon that of another one, and the Engine would wait for it.
      rmSync(`${folder}/run/docker/containerd/containerd.pid`, { force: true });
      await execa('docker', ['start', name]);
      await waitUntilReady();
    },
    remove: async () => {
      await execa('docker', ['rm', '-f', '-v', name], { reject: false });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
