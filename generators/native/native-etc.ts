import type { PlannedComponent, Setting } from '../../planning/plan/plan.ts';
import { headerComment } from '../text/header-comment.ts';
import { quoteShell } from '../text/quote-shell.ts';

/** A file under /etc of one node. */
export interface EtcFile {
  /** Relative to /etc. */
  readonly path: string;
  readonly content: string;
}

/**
 * A file that holds the value of one flag and nothing else: the packages read all of it as the value.
 * @throws {Error} for a name that is no flag's, or a value of several lines: bugs, the spec checks refuse them earlier
 */
export function valueFile(folder: string, name: string, value: string): EtcFile {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`not the name of a flag: ${name}`);
  if (/[\r\n]/.test(value)) throw new Error(`the value of ${name} has more than one line`);
  return { path: `${folder}/${name}`, content: `${value}\n` };
}

/** A file of /etc/default: lines for a shell that sources it. */
export const shellFile = (name: string, lines: readonly string[]): EtcFile => ({
  path: `default/${name}`,
  content: `${headerComment}${lines.map((line) => `${line}\n`).join('')}`,
});

/** `NAME='value'` for a shell. */
export const assignment = (name: string, value: string): string => `${name}=${quoteShell(value)}`;

/** Derived for containers, and wrong or needless on a machine: unless the user asked, the programs' defaults stand. */
const onlyInContainers = new Set([
  'MESOS_LAUNCHER',
  'MESOS_ISOLATION',
  'MESOS_SYSTEMD_ENABLE_SUPPORT',
  'MESOS_DOCKER_KILL_ORPHANS',
  'MESOS_DOCKER_MESOS_IMAGE',
  'MESOS_DOCKER_SOCKET',
  'MESOS_RUNTIME_DIR',
  'MESOS_LOG_DIR',
  'JAVA_OPTS',
]);

/** Flags that an image needs on its command line instead of in its environment: `--registry=replicated_log`. */
function commandLineSettings(component: PlannedComponent): readonly Setting[] {
  return (component.image.command ?? []).flatMap((word): Setting[] => {
    const [, flag, value] = /^--([a-z][a-z0-9_]*)=(.*)$/s.exec(word) ?? [];
    if (flag === undefined || value === undefined) return [];
    return [{ name: `MESOS_${flag.toUpperCase()}`, value, origin: 'derived' }];
  });
}

/** The settings of a component that make sense on a machine without containers. */
export function nativeSettings(component: PlannedComponent): readonly Setting[] {
  return [...component.environment, ...commandLineSettings(component)].filter(
    ({ name, origin }) => origin === 'spec' || !onlyInContainers.has(name),
  );
}

/** The value of a setting, if the component has it. */
export const valueOf = (settings: readonly Setting[], name: string): string | undefined =>
  settings.find((setting) => setting.name === name)?.value;
