import type { Plan } from '../planning/plan/plan.ts';
import type { GeneratedFile } from './generated-file.ts';
import { labScripts, machineScripts, scriptsBeside } from './lab-scripts.ts';

/** Where the lab's own copy of this tool is: scripts need no install and no registry, like a Gradle wrapper. */
export const toolInLab = '.mesos-cluster/tool/create-mesos-cluster.cjs';

/** `package.json`: scripts only, nothing to install. */
export function labPackage(plan: Plan): GeneratedFile {
  const onLab: readonly string[] = plan.placement === 'machines' ? machineScripts : labScripts;
  const verbs = [...onLab, ...scriptsBeside];
  const content = {
    name: plan.name,
    private: true,
    description: 'A Mesos and Marathon lab, written by create-mesos-cluster: see README.md',
    scripts: Object.fromEntries(verbs.map((verb) => [verb, `node ${toolInLab} ${verb}`])),
    engines: { node: '>=20.12' },
  };
  return { path: 'package.json', content: `${JSON.stringify(content, undefined, 2)}\n` };
}
