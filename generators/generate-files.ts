import type { Plan } from '../planning/plan/plan.ts';
import { appFiles } from './app-definitions.ts';
import { composeFiles } from './compose/compose-files.ts';
import { environmentFiles } from './environment-file.ts';
import type { GeneratedFile } from './generated-file.ts';
import { gitFiles } from './git-files.ts';
import { labPackage } from './lab-package.ts';
import { labReadme } from './lab-readme.ts';
import { liteImageFiles } from './lite-image.ts';

/**
 * Every file of a lab but the spec itself. Pure: the same plan gives the same bytes. Asynchronous only because what
 * machines of their own need is loaded when it is asked for.
 */
export async function generateFiles(plan: Plan): Promise<readonly GeneratedFile[]> {
  if (plan.adopted !== undefined) {
    // Whoever runs the cluster has its Compose files, or none: ours would start another one.
    const { adoptedReadme } = await import('./adopted-readme.ts');
    return [...appFiles(plan), labPackage(plan), adoptedReadme(plan), ...gitFiles];
  }
  const forMachines = plan.vagrant !== undefined || plan.nativeConfig;
  return [
    ...composeFiles(plan),
    ...(forMachines ? (await import('./machines/machine-files.ts')).machineFiles(plan) : []),
    ...appFiles(plan),
    ...environmentFiles(plan),
    ...liteImageFiles(plan),
    labPackage(plan),
    labReadme(plan),
    ...gitFiles,
  ];
}
