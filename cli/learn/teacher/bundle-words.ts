import { basename } from 'node:path';
import type { BundleTarget } from './bundle-target.ts';

/**
 * What a student does first.
 * @param isAdopted whether the cluster is one that runs already
 * @param images the file of images in the bundle; without it the lab runs without Docker
 */
export function startText(isAdopted: boolean, images: string | undefined): string {
  const load = images === undefined ? [] : [`npm run images -- load ${images}   # with Docker, once`];
  const up = images === undefined ? 'npm run up -- --runtime embedded' : 'npm run up';
  const lines = isAdopted ? ['npm run status', 'npm run learn'] : [...load, up, 'npm run learn', 'npm run down'];
  const needs = isAdopted
    ? 'Node.js 20.12 or newer is all that is needed, and a way to the cluster.'
    : 'Node.js 20.12 or newer is all that is needed; no network.';
  return `# Start

${needs} In this folder:

\`\`\`sh
${lines.join('\n')}
\`\`\`
`;
}

export function exportText(
  said: { readonly lessons: number; readonly withoutAnswers: boolean; readonly images: string | null },
  { path, name, isPacked }: BundleTarget,
): string {
  const what = [
    `${said.lessons} ${said.lessons === 1 ? 'lesson' : 'lessons'}`,
    ...(said.withoutAnswers ? ['without answers'] : []),
    said.images === null ? 'no images' : `images in ${said.images}`,
  ];
  const how = isPacked ? `tar -xzf ${basename(path)}; cd ${name}` : `cd ${name}`;
  return `Wrote ${path}: ${what.join(', ')}.\nA student: ${how}; START.md says the rest.\n`;
}
