import type { LabPart } from '../../cluster-runtime.ts';
import type { DockerCall, DockerEngine } from '../docker-engine.ts';

/** Marks everything of a lab, with its name. */
export const labLabel = 'create-mesos-cluster.lab';
/** Compose's own marks. */
const projectLabel = 'com.docker.compose.project';

/** A container of a lab. */
export interface LabContainer extends LabPart {
  readonly containerId: string;
  readonly name: string;
  readonly image: string;
  /** Name of the lab. */
  readonly lab: string;
  /** Folder of the lab, as Compose was told. */
  readonly directory: string;
  /** The Compose file it was made from. */
  readonly composeFile: string;
}

const label = (name: string) => `{{.Label "${name}"}}`;

/** Columns of `docker ps`, in the order of LabContainer's making. */
const format = [
  '{{.ID}}',
  '{{.Names}}',
  '{{.State}}',
  '{{.Status}}',
  '{{.Image}}',
  label(labLabel),
  label('create-mesos-cluster.node'),
  label('create-mesos-cluster.role'),
  label('com.docker.compose.service'),
  label(`${projectLabel}.working_dir`),
  label(`${projectLabel}.config_files`),
].join('\t');

/**
 * Containers of labs, those that do not run among them, by their services' names.
 * @param filters as for `docker ps --filter`, beyond the mark of labs: `label=…`, `publish=5050`
 * @throws as DockerEngine.ask
 */
export async function labContainers(
  engine: DockerEngine,
  filters: readonly string[],
  call: DockerCall = {},
): Promise<readonly LabContainer[]> {
  const words = [`label=${labLabel}`, ...filters].flatMap((filter) => ['--filter', filter]);
  const text = await engine.ask(['ps', '--all', '--no-trunc', ...words, '--format', format], call);
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(containerOf)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function containerOf(line: string): LabContainer {
  const [containerId = '', name = '', state = '', detail = '', image = '', lab = '', ...rest] = line.split('\t');
  const [node = '', role = '', id = '', directory = '', composeFile = ''] = rest;
  // An image that has lost its name to a newer one is shown by its digest: its beginning is enough.
  return {
    id,
    containerId,
    name,
    state,
    detail,
    image: image.replace(/^(sha256:.{12}).*$/, '$1'),
    lab,
    node,
    role,
    directory,
    composeFile,
  };
}

/** The containers that a lab of this name has: both marks must say so. */
export const ofLab = (name: string): readonly string[] => [
  `label=${labLabel}=${name}`,
  `label=${projectLabel}=${name}`,
];

/** The containers that labs of this folder have, whatever their names. */
export const inFolder = (directory: string): readonly string[] => [`label=${projectLabel}.working_dir=${directory}`];

/** The lab's folder that a container bears, also if its lab is on one host. */
export const labFolderOf = ({ directory }: Pick<LabContainer, 'directory'>): string =>
  directory.replace(/\/nodes\/[^/]+$/, '');
