import { showText } from '../shape/show-value.ts';
import type { SpecPath } from '../shape/spec-problem.ts';
import { problem, type Rule } from './rule.ts';

const path: SpecPath = ['mesos', 'agent', 'dockerConfig'];
const inLab = /^secrets(?:\/(?!\.{1,2}(?:\/|$))[\w.-]+)+$/;
const onMachine = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.-]+)+$/;
const example = '/etc/mesos/docker-config.json';

/** The file with the credentials of private registries: where it may be, and that nothing else says it as well. */
export const checkDockerConfig: Rule = ({ mesos }, { placement }) => {
  const file = mesos?.agent?.dockerConfig;
  if (file === undefined) return [];
  const isOwnMachine = placement === 'machines';
  const allowed = isOwnMachine
    ? `the absolute path of a file on each machine with an agent, such as ${example}`
    : `a file in the folder secrets of the lab, which git ignores, or an absolute path: letters, digits and . _ - between slashes`;
  const twice = problem(
    'SPEC_COMBINATION',
    ['mesos', 'agent', 'flags', 'docker_config'],
    'mesos.agent.dockerConfig says this already',
    { at: 'key', found: 'docker_config', allowed: 'one of the two', fix: 'Remove it here' },
  );
  const wrong = problem('SPEC_PATH', path, 'Agents cannot be given this as the file of their Docker configuration', {
    // Whoever puts the configuration itself here does not see it in a message.
    found: /["{}]/.test(file) ? 'JSON, and no path' : showText(file),
    allowed,
    fix: isOwnMachine
      ? `Put the file on each of these machines, and write its path: ${example}`
      : 'Put the file into the lab, and write its path: secrets/docker-config.json',
  });
  return [
    ...(mesos?.agent?.flags?.['docker_config'] === undefined ? [] : [twice]),
    ...(onMachine.test(file) || (!isOwnMachine && inLab.test(file)) ? [] : [wrong]),
  ];
};
