import { textFingerprint } from '../../../lab/fingerprint.ts';
import { dockerEngine, type DockerEngine } from '../../docker/docker-engine.ts';
import { hostsFolder } from '../hosts-record.ts';
import type { HostsWorld } from '../hosts-world.ts';
import { inParallel } from '../../../platform/in-parallel.ts';
import type { VagrantMachines } from './vagrant-machines.ts';

/** The ways into the machines of a lab: an SSH connection each, kept while this process runs. */
export interface MachineLinks {
  /** The Engines of the machines that let us in, by what is known of the way; Vagrant is not asked. */
  readonly reach: (
    machines: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<string, DockerEngine>>;
  /** Asks Vagrant once for the way into all of them; kept in the lab, for later commands. */
  readonly learn: (machines: ReadonlyMap<string, string>, signal: AbortSignal) => Promise<void>;
}

/** A machine that is emulated, on a busy one, takes its time to let somebody in. */
const connectMs = 30_000;
const answerMs = 30_000;

export function machineLinks(world: HostsWorld, vagrant: VagrantMachines, directory: string): MachineLinks {
  const open = new Map<string, DockerEngine>();
  const folder = `${hostsFolder(directory)}/ssh`;
  // The id that the provider gave it: a machine that was made anew has another key and another port.
  const configOf = (name: string, id: string) => `${folder}/${name}-${textFingerprint(id)}`;
  const connect = async (name: string, id: string, signal: AbortSignal): Promise<DockerEngine | undefined> => {
    const known = open.get(name);
    if (known !== undefined) return known;
    const configFile = configOf(name, id);
    if (world.files.kindOf(configFile) !== 'file') return undefined;
    const options = { remoteSocket: '/var/run/docker.sock', firstCommand: 'hostname', timeoutMs: connectMs };
    const tunnel = await world.openTunnel({ host: name, configFile }, { ...options, cwd: world.cwd, signal });
    signal.throwIfAborted();
    if (tunnel.kind === 'missing') return vagrant.engineInside(name);
    // An address may be another machine's by now.
    if (tunnel.kind === 'failed' || tunnel.said.trim() !== name) return undefined;
    const engine = await engineAt(world, tunnel.socket, signal, () => vagrant.engineInside(name));
    open.set(name, engine);
    void tunnel.closed.then(() => open.delete(name));
    return engine;
  };
  return {
    reach: async (machines, signal) => {
      const engines = await inParallel(
        [...machines],
        async ([name, id]) => [name, await connect(name, id, signal)] as const,
      );
      return new Map(engines.flatMap(([name, engine]) => (engine === undefined ? [] : [[name, engine] as const])));
    },
    learn: async (machines, signal) => {
      const sections = await vagrant.sshConfig([...machines.keys()], signal);
      world.files.makeFolders(folder);
      for (const [name, id] of machines) {
        for (const old of world.files.list(folder) ?? []) {
          if (old.slice(0, old.lastIndexOf('-')) === name) world.files.removeTree(`${folder}/${old}`);
        }
        const section = sections.get(name);
        if (section !== undefined) world.files.writeText(configOf(name, id), section, false);
      }
    },
  };
}

/** An Engine behind a tunnel, asked by the docker program of this machine, if it has one with Compose. */
async function engineAt(
  world: HostsWorld,
  socket: string,
  signal: AbortSignal,
  otherwise: () => DockerEngine,
): Promise<DockerEngine> {
  const engine = dockerEngine(world, `unix://${socket}`);
  const result = await engine.run(['compose', 'ls', '--format', 'json'], { signal, timeoutMs: answerMs });
  return result.kind === 'ended' && result.exitCode === 0 ? engine : otherwise();
}
