import type { Reason } from '../../planning/components/component.ts';
import { settingReasons } from '../../planning/explain/setting-reasons.ts';
import type { LabFolder } from './lab-folders.ts';
import { writtenBy } from './written-by.ts';

/** Labs of the repository in which a reason that depends on the lab is shown. */
const shownLabs = ['compose', 'examples/ha', 'examples/laptop-small', 'examples/three-vm', 'examples/workshop'];

/** What a reason says in the shown labs; labs of which it says the same stand together. */
function derivations({ why }: Reason, labs: readonly LabFolder[]): string {
  if (typeof why === 'string') return `${why}\n`;
  const byText = new Map<string, string[]>();
  for (const { folder, plan } of labs.filter((lab) => shownLabs.includes(lab.folder))) {
    const text = why(plan);
    byText.set(text, [...(byText.get(text) ?? []), folder]);
  }
  return [...byText]
    .map(([text, folders]) => `- ${folders.map((folder) => `[${folder}](../${folder})`).join(', ')}: ${text}\n`)
    .join('');
}

function section(name: string, reason: Reason, labs: readonly LabFolder[]): string {
  const comment = reason.comment === undefined ? '' : `${reason.comment}\n\n`;
  return `## \`${name}\`\n\n${comment}${derivations(reason, labs)}\nSource: ${reason.source}\n`;
}

/** docs/settings.md: every name that the generator writes, why it has its value, and the source. */
export function settingReference(labs: readonly LabFolder[]): string {
  const names = Object.keys(settingReasons).sort();
  return `${writtenBy('planning/components/')}
# Settings

Every setting that a generated file contains: why it has its value, and where the rule comes from.
\`npm run explain -- MESOS_QUORUM\` in a lab says the same with the values of that lab; it also knows
\`server.2\` (a line of the ensemble), \`quorum\`, \`myid\`, \`zk\`, and every flag of Mesos and Marathon.

${names.map((name) => section(name, settingReasons[name] ?? { why: '', source: '' }, labs)).join('\n')}`;
}
