import type { Context } from '../../platform/context.ts';
import type { CommandLine } from './command-line.ts';
import { flags } from './flags.ts';

/** Settings of npm itself, which people have in their .npmrc. */
const npmsOwn: ReadonlySet<string> = new Set(['yes', 'registry', 'offline', 'color', 'no-color']);

/**
 * Flags that npm took for its own: `npm run up --port-offset=400` gives us none, but the variable npm_config_port_offset
 * (config of npm's documentation).
 * @returns as they should have been typed; of one that was typed with a space npm does not tell the value
 */
export function keptByNpm(line: CommandLine, env: Context['env']): readonly string[] {
  if (env['npm_command'] === undefined) return [];
  return flags.flatMap(({ name, verbs, value }) => {
    const kept = env[`npm_config_${name.replaceAll('-', '_')}`];
    const isOurs = verbs.includes(line.verb) && !npmsOwn.has(name);
    if (kept === undefined || kept === '' || !isOurs || line.uses.some(({ flag }) => flag.name === name)) return [];
    if (value === undefined) return [`--${name}`];
    return [`--${name} ${kept === 'true' ? value : kept}`];
  });
}

/** How the same is typed so that npm passes it on. */
export function pastNpm(env: Context['env'], kept: readonly string[]): string {
  const script = env['npm_lifecycle_event'];
  // `run` from npm 11 on.
  const isScript = ['run', 'run-script'].includes(env['npm_command'] ?? '') && script !== undefined;
  return `${isScript ? `npm run ${script}` : 'npm create mesos-cluster'} -- ${kept.join(' ')}`;
}
