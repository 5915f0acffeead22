import type { Plan } from '../../planning/plan/plan.ts';
import { filesIn, type GeneratedFile } from '../generated-file.ts';
import { headerComment } from '../text/header-comment.ts';
import { addressInside } from '../text/address-inside.ts';
import { collectorConfig } from './collector-config.ts';
import { lokiConfig } from './loki-config.ts';

/** Folders of the lab, whose files are mounted where the programs look for them. */
export const collectorFolder = 'logs/collector';
export const lokiFolder = 'logs/loki';

/** Configuration of Loki and its collectors in labs that have them; all collectors have the same. */
export function logsFiles(plan: Plan): readonly GeneratedFile[] {
  const loki = plan.nodes.flatMap((node) => node.components).find(({ role }) => role === 'loki');
  if (loki === undefined) return [];
  const config = collectorConfig({ lab: plan.name, lokiUrl: `http://${addressInside(loki)}` });
  const port = loki.ports[0]?.target ?? 0;
  return [
    ...filesIn(lokiFolder, [
      {
        path: 'loki.yml',
        content: lokiConfig({ port, ...(plan.placement === 'machines' ? { host: loki.host } : {}) }),
      },
    ]),
    ...filesIn(collectorFolder, [{ path: 'config.alloy', content: headerComment.replaceAll('#', '//') + config }]),
  ];
}
