import type { LabRequest } from '../../lab/lab-request.ts';

/** One of two versions of a lab of some forty files: each has files that the other lacks, and shared ones that differ. */
export function versionedRequest(directory: string, version: number, purpose: LabRequest['purpose']): LabRequest {
  const shared = Array.from({ length: 30 }, (_, index) => {
    return { path: `nodes/node${index % 7}/file${index}.yml`, content: `version: ${version}\n`.repeat(400) };
  });
  const own = Array.from({ length: 10 }, (_, index) => {
    return { path: `only/version${version}/file${index}`, content: `${index}\n` };
  });
  return {
    directory,
    files: [...shared, ...own],
    spec: { path: 'mesos-cluster.yaml', content: `name: version${version}\n` },
    replaceSpec: true,
    copies: [],
    toolVersion: '1.0.0',
    force: false,
    purpose,
  };
}
