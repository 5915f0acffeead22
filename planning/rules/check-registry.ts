import { mostLimitMb } from '../components/registry.ts';
import { problem, type Rule } from './rule.ts';
import { wholeNumber } from './whole-number.ts';

/** What the registry takes; nobody reads it where there is none. */
export const checkRegistry: Rule = ({ registry }, { addons }) => {
  if (registry === undefined) return [];
  const idle = problem('SPEC_COMBINATION', ['registry'], 'There is no registry that would read this', {
    at: 'key',
    found: `addons: [${addons.join(', ')}]`,
    allowed: 'registry with the add-on registry',
    fix: `Write addons: [${[...addons, 'registry'].join(', ')}], or remove registry`,
  });
  const fix = 'Write 10000 for ten gigabytes, or remove the key';
  return [
    ...(addons.includes('registry') ? [] : [idle]),
    ...wholeNumber(registry.limitMb, ['registry', 'limitMb'], { least: 1, most: mostLimitMb, fix }),
  ];
};
