import { showText } from '../shape/show-value.ts';
import type { SpecPath, SpecProblem } from '../shape/spec-problem.ts';
import { problem, type Rule } from './rule.ts';

const dnsLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const longestCluster = 256;

/** The names of the lab, its nodes and the Mesos cluster. */
export const checkNames: Rule = (spec, { clusterName }) => [
  ...labelProblems(spec.name, ['name'], 'The name of the lab', 'lab'),
  ...(spec.nodes ?? []).flatMap(({ name }, index) => nodeName(name, index)),
  ...clusterNameProblems(clusterName, spec.mesos?.cluster === undefined ? ['name'] : ['mesos', 'cluster']),
];

function labelProblems(name: string, path: SpecPath, what: string, fallback: string): readonly SpecProblem[] {
  if (dnsLabel.test(name)) return [];
  return [
    problem('SPEC_NAME', path, `${what} is not a DNS label`, {
      found: showText(name),
      allowed: 'a-z, 0-9 and hyphens, at most 63, no hyphen at either end',
      fix: `Write ${suggestLabel(name) || fallback}`,
    }),
  ];
}

function nodeName(name: string, index: number): readonly SpecProblem[] {
  const path = ['nodes', index, 'name'];
  const notALabel = labelProblems(name, path, 'The name of a node', `node${index + 1}`);
  if (notALabel.length > 0) return notALabel;
  // A resolver reads 12 as 0.0.0.12, and localhost as itself.
  if (!/^(?:[0-9]+|0x[0-9a-f]*|localhost)$/.test(name)) return [];
  return [
    problem('SPEC_NAME', path, 'The name of a node would be read as an address', {
      found: showText(name),
      allowed: 'a name with a letter, not localhost',
      fix: `Write ${name === 'localhost' ? `node${index + 1}` : `node${name.slice(0, 20)}`}`,
    }),
  ];
}

/** The DNS label nearest to a name; empty when nothing of it can stay. */
export function suggestLabel(name: string): string {
  return name
    .slice(0, 200)
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 63)
    .replace(/-+$/, '');
}

function clusterNameProblems(name: string, path: SpecPath): readonly SpecProblem[] {
  if (path[0] === 'name' || (name !== '' && name.length <= longestCluster)) return [];
  return [
    problem('SPEC_VALUE', path, `The name of the Mesos cluster is ${name === '' ? 'empty' : 'too long'}`, {
      found: showText(name),
      allowed: `1 to ${longestCluster} characters`,
      fix: name === '' ? 'Write a name, or remove the key: then it is the name of the lab' : 'Shorten it',
    }),
  ];
}
