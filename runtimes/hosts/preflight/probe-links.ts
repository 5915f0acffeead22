import type { RunCommand } from '../../../platform/processes/run-command.ts';
import { shellWords } from '../../../platform/processes/shell-words.ts';
import { sshOptions, sshPlace } from '../../../platform/network/ssh-tunnel.ts';
import type { ReachedNode } from '../nodes/connect-node.ts';
import { inParallel } from '../../../platform/in-parallel.ts';
import { sshDestination } from '../nodes/ssh-problem.ts';
import type { Link } from './needed-links.ts';
import { probeScript, probeSeconds, readProbes, type Probe } from './probe-script.ts';
import { runInContainer } from './run-in-container.ts';

/** A way between two machines, and what came of trying it. */
export interface TriedLink {
  readonly link: Link;
  /** One for each port; undefined where the first machine has no means to try. */
  readonly probes: readonly Probe[] | undefined;
}

interface ProbeWorld {
  readonly runCommand: RunCommand;
  /** Absolute. */
  readonly cwd: string;
  readonly signal: AbortSignal;
}

const loginSeconds = 8;
const scriptMs = (loginSeconds + probeSeconds + 10) * 1000;

/**
 * Connects from each machine to the ports of the others that it will need: over SSH, else from a container of the lab's
 * own image in the machine's network, if the image is there. Nothing is sent and nothing stays. Nobody has to listen at
 * those ports: a refusal is an answer, too.
 */
export async function probeLinks(
  world: ProbeWorld,
  nodes: readonly ReachedNode[],
  links: readonly Link[],
): Promise<readonly TriedLink[]> {
  const tried = await inParallel(nodes, async (reached): Promise<readonly TriedLink[]> => {
    const own = links.filter(({ from }) => from === reached.node.name);
    if (own.length === 0) return [];
    const places = own.flatMap(({ address, ports }) => ports.map(({ port }) => ({ address, port })));
    const script = probeScript(places);
    const overSsh = readProbes(await runOverSsh(world, reached, script));
    const probes = overSsh.length > 0 ? overSsh : readProbes(await runInContainer(reached, script));
    return own.map((link) => {
      const ofLink = probes.filter(
        ({ address, port }) => address === link.address && link.ports.some((each) => each.port === port),
      );
      return { link, probes: ofLink.length === 0 ? undefined : ofLink };
    });
  });
  world.signal.throwIfAborted();
  return tried.flat();
}

/** What it prints; empty when the machine is not reached over SSH. */
async function runOverSsh(
  { runCommand, cwd, signal }: ProbeWorld,
  { node }: ReachedNode,
  script: string,
): Promise<string> {
  const destination = sshDestination(node.docker ?? '');
  if (destination === undefined) return '';
  const words = ['-T', ...sshOptions(loginSeconds), ...sshPlace(destination), shellWords(['sh', '-c', script])];
  const result = await runCommand('ssh', words, { cwd, stdio: 'capture', signal, timeoutMs: scriptMs });
  return result.kind === 'ended' ? result.stdout : '';
}
