import { cleanerReasons } from '../components/cleaner.ts';
import { composeReasons } from '../components/compose-keys.ts';
import type { Reason } from '../components/component.ts';
import { engineReasons } from '../components/docker-engine.ts';
import { cacheReasons } from '../components/registry.ts';
import { taskNetworkReasons } from '../components/task-network.ts';
import { componentOf, roles } from '../catalogue/roles.ts';

/** Every name that the generator writes. test/golden.test.ts holds that none is missing. */
export const settingReasons: Readonly<Record<string, Reason>> = {
  ...Object.fromEntries(
    roles.flatMap((role) => {
      const { settings, arguments: flags = [] } = componentOf[role];
      return [...settings, ...flags].map((setting) => [setting.name, setting]);
    }),
  ),
  ...engineReasons,
  ...cleanerReasons,
  ...taskNetworkReasons,
  ...cacheReasons,
  ...composeReasons,
};

/** The short sentence for the generated file, if there is one. */
export function commentOf(name: string): string | undefined {
  return settingReasons[name]?.comment;
}
