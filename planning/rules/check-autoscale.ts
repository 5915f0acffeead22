import { showText } from '../shape/show-value.ts';
import { problem, type Rule } from './rule.ts';

const example = 'http://prometheus.example:9090';
const form = /^https?:\/\/(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?(?:\/[\w./~%+-]*)?$/i;

/** What the autoscaler asks beside the lab; nobody reads it where there is no autoscaler. */
export const checkAutoscale: Rule = ({ autoscale }, { addons }) => {
  if (autoscale === undefined) return [];
  const { prometheus } = autoscale;
  const idle = problem('SPEC_COMBINATION', ['autoscale'], 'There is no autoscaler that would read this', {
    at: 'key',
    found: `addons: [${addons.join(', ')}]`,
    allowed: 'autoscale with the add-on autoscaler',
    fix: `Write addons: [${[...addons, 'autoscaler'].join(', ')}], or remove autoscale`,
  });
  const wrong = problem('SPEC_VALUE', ['autoscale', 'prometheus'], 'This is no http or https URL without a password', {
    // A password is not shown.
    found: showText((prometheus ?? '').replace(/\/\/[^/@]*@/, '//…@')),
    allowed: `a URL as the autoscaler reaches it, such as ${example}`,
    fix: `Write a URL such as ${example}`,
  });
  return [
    ...(addons.includes('autoscaler') ? [] : [idle]),
    ...(prometheus === undefined || form.test(prometheus) ? [] : [wrong]),
  ];
};
