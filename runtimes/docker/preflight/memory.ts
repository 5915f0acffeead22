import type { Plan } from '../../../planning/plan/plan.ts';
import type { Refusal } from '../../doctor-facet.ts';
import type { DockerFacts } from './docker-facts.ts';
import { comfortableShare, machineMemoryMb, tasksMemoryMb } from './requirements.ts';

/** What a lab really uses, in MB: less than a third of the limits in its Compose file, which are for bad days. */
export function memoryNeedMb(plan: Plan): number {
  const parts = plan.nodes
    .flatMap(({ components }) => components)
    .map(({ role, usualMemoryMb }) => {
      const hasEngine = role === 'mesos-agent' && plan.agentDocker === 'dind';
      const beside = [plan.engine, plan.cleaner, plan.taskNetwork].map((part) => part?.usualMemoryMb ?? 0);
      return usualMemoryMb + (hasEngine ? beside.reduce((sum, part) => sum + part, 0) : 0);
    });
  return parts.reduce((sum, part) => sum + part, machineMemoryMb + tasksMemoryMb);
}

/**
 * Refused is what surely ends with killed containers; warned of is what leaves no room for apps. The limits are no
 * measure: their sum may be above the machine's memory without harm.
 */
export function memoryRefusals({ memoryMb, engine }: DockerFacts, plan: Plan): readonly Refusal[] {
  const needMb = memoryNeedMb(plan);
  if (memoryMb === 0 || memoryMb >= needMb * comfortableShare) return [];
  const isWarning = memoryMb >= needMb;
  const gigabytes = Math.ceil((needMb * comfortableShare) / 512) / 2;
  const give =
    engine.kind === 'desktop'
      ? `Docker Desktop, Settings, Resources, Memory limit: ${gigabytes} GB or more`
      : `a machine with ${gigabytes} GB or more`;
  const smaller = [
    ...(plan.imageSet === 'lite' ? [] : ['--image-set lite, which needs the least']),
    ...(plan.agents.length > 1 ? ['fewer --agents'] : []),
    ...(plan.masterCount > 1 ? ['--preset single'] : []),
  ];
  return [
    {
      code: 'MACHINE_DOCKER_MEMORY',
      message: isWarning
        ? 'The lab just fits into the memory that Docker has: little is left for apps'
        : 'Docker has less memory than the lab needs: containers would be killed',
      found: `${memoryMb} MB; the lab needs about ${needMb} MB`,
      fix: [give, ...smaller].join('; or '),
      isWarning,
    },
  ];
}
