import type { FreeSpace } from '../../../platform/files/free-space.ts';
import type { DoctorQuestion, Finding, Refusal, SetVerdict } from '../../doctor-facet.ts';
import type { DockerFacts, DockerProblem } from '../preflight/docker-facts.ts';
import { isFull } from '../../full-disk.ts';
import { refusals } from '../preflight/refusals.ts';
import { isAtLeast } from '../../../platform/processes/program-version.ts';
import { oldestCompose, oldestEngine } from '../preflight/requirements.ts';

/** Why there is no Docker to run labs on. */
export function problemFinding({ code, message, found, fix }: DockerProblem): Finding {
  const need = code === 'MACHINE_NO_COMPOSE' ? `Compose ${oldestCompose} or newer` : 'Docker';
  return { need, ok: false, found: `${message} (${found})`, fix };
}

/** What there is, whatever the lab. What is wrong for a lab is in its refusals. */
export function factFindings(facts: DockerFacts, freeSpace: FreeSpace): readonly Finding[] {
  const { engine, client, storage, isRootless, hasUserNamespaces } = facts;
  const isPrivileged = !isRootless && !hasUserNamespaces;
  return [
    {
      need: `Docker Engine ${oldestEngine} or newer`,
      ok: isAtLeast(engine.version, oldestEngine),
      found: `${engine.version} (client ${client.version}), ${engine.machine}, ${engine.arch}`,
    },
    { need: `Compose ${oldestCompose} or newer`, ok: true, found: facts.composeVersion },
    {
      need: 'An Engine of this machine',
      ok: !facts.isRemote,
      found: `${facts.endpoint === '' ? 'the usual socket' : facts.endpoint} (context ${facts.context})`,
    },
    {
      need: 'Privileged containers',
      ok: isPrivileged,
      found: isPrivileged ? 'likely; nothing was started to try it' : isRootless ? 'rootless' : 'user namespaces',
    },
    {
      need: 'Machine',
      ok: true,
      found: `cgroup v${facts.cgroupVersion ?? 1}, ${storage.isContainerd ? "containerd's image store" : storage.driver}, ${facts.cpus} processors, ${facts.memoryMb} MB`,
    },
    ...diskFindings(facts, freeSpace),
  ];
}

/** Images of a lab, and what each agent pulls for itself. */
const comfortableBytes = 5e9;

/** Only where the Engine's folder is on this machine: that of Docker Desktop is in its virtual machine. */
function diskFindings({ engine, isRemote, rootFolder }: DockerFacts, freeSpace: FreeSpace): readonly Finding[] {
  if (isRemote || engine.kind !== 'docker' || rootFolder === '') return [];
  const bytes = freeSpace(rootFolder);
  if (bytes === undefined) return [];
  const ok = bytes >= comfortableBytes;
  return [
    {
      need: 'Disk of the Engine',
      ok,
      ...(ok || isFull(bytes) ? {} : { isWarning: true }),
      found: `${(bytes / 1e9).toFixed(1)} GB free in ${rootFolder}`,
      fix: 'docker system df shows what takes it, docker system prune makes room',
    },
  ];
}

/** What a lab's refusals mean for it. */
export const refusalFinding = ({ message, found, fix, isWarning }: Refusal): Finding => ({
  need: 'This lab',
  ok: false,
  ...(isWarning ? { isWarning } : {}),
  found: `${message} (${found})`,
  fix,
});

/** For each image set, whether it can run here. */
export function setVerdicts(facts: DockerFacts, sets: ReturnType<DoctorQuestion['sets']>): readonly SetVerdict[] {
  return sets.map(({ set, title, plan }) => {
    const found = refusals(facts, plan);
    return { set, title, can: found.every(({ isWarning }) => isWarning), refusals: found };
  });
}
