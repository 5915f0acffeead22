import type { FoundCluster } from '../../checks/adopt/found-cluster.ts';
import { specText } from '../../planning/spec-text/write-spec.ts';
import type { AdoptedSpec } from './adopted-spec.ts';

const width = 110;

/** mesos-cluster.yaml of an adopted cluster: what was found, and in comments what could not be known. */
export function adoptedText({ spec, unknown }: AdoptedSpec, found: FoundCluster): string {
  const from = found.masters.find(({ leads }) => leads)?.url ?? '';
  const versions = [
    `Mesos ${found.masters[0]?.version ?? ''}`,
    ...(found.marathon?.version === undefined ? [] : [`Marathon ${found.marathon.version}`]),
  ];
  const comment = [
    `This cluster was adopted: it was found at ${from} (${versions.join(', ')}), and somebody else runs it.`,
    'verify, status, logs, deploy and scale work on it; up and down do not. images.set says which flags there are.',
    ...(unknown.length === 0 ? [] : ['', 'What could not be known:', ...unknown.map((sentence) => `- ${sentence}`)]),
  ];
  const lines = comment.flatMap(wrapped).map((line) => `#${line === '' ? '' : ` ${line}`}`);
  const [head = '', ...rest] = specText(spec).split('\n\n');
  return [`${head}\n#\n${lines.join('\n')}`, ...rest].join('\n\n');
}

function wrapped(sentence: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of sentence.split(' ')) {
    if (line !== '' && line.length + word.length >= width) {
      lines.push(line);
      line = sentence.startsWith('- ') ? `  ${word}` : word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
