import type { Plan, PlannedComponent, Setting } from '../../../planning/plan/plan.ts';
import { flagsOf, isCalled, type FlagProgram } from '../../../planning/flag-tables/available-flags.ts';
import { agentFlagOptions, fetchFlagOptions } from './agent-options.ts';
import { optionsBy } from './flag-options.ts';
import { marathonFlagOptions } from './marathon-options.ts';
import { masterFlagOptions } from './master-options.ts';
import { loadMarathonFlags } from '../marathon-flags.ts';
import { loadMesosFlags } from '../mesos-flags.ts';
import { withoutEffect } from '../without-effect.ts';

/** Variables of a component, by name. */
type Variables = Readonly<Record<string, string>>;

/** Of each program: where its flags are in a spec, and which of them mean something to the embedded runtime. */
const programs: Readonly<Record<FlagProgram, { readonly path: string; readonly understood: readonly string[] }>> = {
  'mesos-master': { path: 'mesos.master.flags', understood: Object.keys(masterFlagOptions) },
  'mesos-agent': {
    path: 'mesos.agent.flags',
    // The last one is read from the plan, by who starts the tasks (embedded-cluster.ts).
    understood: [...Object.keys(agentFlagOptions), ...Object.keys(fetchFlagOptions), 'recovery_timeout'],
  },
  marathon: { path: 'marathon.flags', understood: Object.keys(marathonFlagOptions) },
};

/** Name of a flag as its program has it: without prefix, no alias, and not the form that switches it off. */
function nameOf(program: FlagProgram, variable: string): string {
  const given = variable.replace(/^[A-Z]+_/, '').toLowerCase();
  const table = flagsOf(program, 'lite');
  const find = (name: string) => table.find((flag) => isCalled(flag, name))?.name;
  return find(given) ?? find(given.replace(/^disable_/, '')) ?? given;
}

const variablesOf = ({ environment }: PlannedComponent, isWanted: (setting: Setting) => boolean): Variables =>
  Object.fromEntries(environment.filter(isWanted).map(({ name, value }) => [name, value]));

/** Those that the embedded runtime understands; the others need not be what this engine can read. */
function understoodOf(program: FlagProgram, component: PlannedComponent): { names: string[]; variables: Variables } {
  const { understood } = programs[program];
  const variables = variablesOf(component, ({ name }) => understood.includes(nameOf(program, name)));
  return { names: Object.keys(variables).map((variable) => nameOf(program, variable)), variables };
}

const noFiles = () => undefined;

/** Options of a master that the plan asks for. */
export function masterFlags(component: PlannedComponent) {
  const { names, variables } = understoodOf('mesos-master', component);
  const flags = loadMesosFlags('mesos-master', { arguments: [], environment: variables, readFile: noFiles });
  return optionsBy(masterFlagOptions, names, flags);
}

/** The same of an agent. */
export function agentFlags(component: PlannedComponent) {
  const { names, variables } = understoodOf('mesos-agent', component);
  const flags = loadMesosFlags('mesos-agent', { arguments: [], environment: variables, readFile: noFiles });
  return { ...optionsBy(agentFlagOptions, names, flags), fetch: optionsBy(fetchFlagOptions, names, flags) };
}

/** The same of a Marathon. */
export function marathonFlags(component: PlannedComponent) {
  const { names, variables } = understoodOf('marathon', component);
  return optionsBy(marathonFlagOptions, names, loadMarathonFlags([], variables));
}

const isProgram = (role: string): role is FlagProgram => Object.hasOwn(programs, role);

/** Keys of the spec with flags that a user would expect something of, and that do nothing here. */
export function flagsWithoutEffect(plan: Plan): readonly string[] {
  const keys = plan.nodes
    .flatMap(({ components }) => components)
    .flatMap((component) => {
      const { role } = component;
      if (!isProgram(role)) return [];
      const { path, understood } = programs[role];
      const given = new Map(
        Object.entries(variablesOf(component, ({ origin }) => origin === 'spec')).map(([variable, value]) => [
          nameOf(role, variable),
          // Marathon's switches are empty variables.
          value === '' ? String(!variable.startsWith('MARATHON_DISABLE_')) : value,
        ]),
      );
      const names = withoutEffect([...given.keys()], new Set(understood), (name) => given.get(name));
      return names.map((name) => `${path}.${name}`);
    });
  return [...new Set(keys)];
}
