import type { SpecProblem } from '../shape/spec-problem.ts';
import { imageSets } from '../catalogue/image-sets.ts';
import type { ResolvedSpec } from '../plan/resolve-spec.ts';
import { problem, warning, type Rule } from './rule.ts';

/** Settings that exclude each other. */
export const checkCombinations: Rule = (spec, resolved) => {
  const { placement, nodes, preset } = resolved;
  const problems: SpecProblem[] = [];
  const fromPreset = nodes.some(({ path }) => path[0] === 'preset');
  if (spec.agentDocker === 'dind' && placement === 'machines') {
    problems.push(
      problem('SPEC_COMBINATION', ['agentDocker'], 'agentDocker: dind does not go with placement machines', {
        found: 'dind',
        allowed: 'socket: each node has an Engine already, and its agent uses that one',
        fix: 'Remove agentDocker',
      }),
    );
  }
  if (spec.counts && (spec.nodes || placement === 'machines' || fromPreset)) {
    const reason = spec.nodes
      ? 'counts and nodes both say what there is'
      : fromPreset
        ? `The preset ${preset} lists its nodes one by one, so counts do nothing`
        : 'counts make no machines: placement machines needs nodes with addresses';
    problems.push(
      problem('SPEC_COMBINATION', ['counts'], reason, {
        at: 'key',
        found: 'counts',
        allowed: 'counts with placement one-host and without nodes',
        fix: placement === 'machines' && !spec.nodes ? 'List the machines under nodes' : 'Remove counts, or nodes',
      }),
    );
  }
  if (placement === 'machines' && !spec.nodes && !fromPreset && !spec.counts) {
    problems.push(
      problem('SPEC_COMBINATION', ['placement'], 'placement machines needs nodes', {
        found: 'no nodes',
        allowed: 'nodes with addresses, or one of the presets three-vm, two-host, three-master',
        fix: 'List the machines under nodes, or choose such a preset',
      }),
    );
  }
  if (placement === 'one-host') problems.push(...hostsOnly(spec), ...oldCgroups(spec, resolved));
  return problems;
};

/** Containers share the kernel of their host, also those of an Engine in a container. */
function oldCgroups({ images }: Parameters<Rule>[0], { imageSet, nodes }: ResolvedSpec): readonly SpecProblem[] {
  const replaced = images?.overrides?.['mesos-agent']?.image !== undefined;
  const agents = nodes.some(({ roles }) => roles.includes('mesos-agent'));
  if (!imageSets[imageSet].needsCgroupV1 || replaced || !agents) return [];
  return [
    warning(
      'SPEC_COMBINATION',
      ['images', 'set'],
      `The image set ${imageSet} runs Docker tasks only on a host with cgroup v1`,
      {
        found: imageSet,
        allowed: 'a host without cgroup v2; every current distribution has v2',
        fix: 'Use the image set clusterd, or start the host with systemd.unified_cgroup_hierarchy=0 on its kernel command line',
      },
    ),
  ];
}

function hostsOnly({ vagrant, nativeConfig }: Parameters<Rule>[0]): readonly SpecProblem[] {
  const details = (key: string, fix: string) =>
    ({ at: 'key', found: key, allowed: `${key} with placement machines`, fix }) as const;
  return [
    ...(vagrant === undefined
      ? []
      : [
          problem(
            'SPEC_COMBINATION',
            ['vagrant'],
            'vagrant makes virtual machines, and placement one-host has none',
            details('vagrant', 'Remove vagrant, or set placement: machines and list the nodes'),
          ),
        ]),
    ...(nativeConfig === true
      ? [
          problem(
            'SPEC_COMBINATION',
            ['nativeConfig'],
            'nativeConfig writes files for installations on several machines, and placement one-host has none',
            details('nativeConfig', 'Remove nativeConfig, or set placement: machines'),
          ),
        ]
      : []),
  ];
}
