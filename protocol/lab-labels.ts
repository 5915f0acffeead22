/*
 * The labels that generated files give containers, volumes, networks and images, and by which a lab is found again.
 */

/** Marks everything of a lab, with its name. */
export const labLabel = 'create-mesos-cluster.lab';
/** The node that a container is on. */
export const nodeLabel = 'create-mesos-cluster.node';
/** A role, or `node` and `docker-engine` of an agent's pod. */
export const roleLabel = 'create-mesos-cluster.role';
/** Role of what cuts an agent off from the masters. */
export const partitionRole = 'partition';
/** Marks an image of ours with the fingerprint of the tool that is in it. */
export const toolLabel = 'create-mesos-cluster.tool';

/** Compose's own, on what it makes. */
export const composeLabels = {
  project: 'com.docker.compose.project',
  /** Folder of the project, as Compose was told. */
  directory: 'com.docker.compose.project.working_dir',
  files: 'com.docker.compose.project.config_files',
  service: 'com.docker.compose.service',
  volume: 'com.docker.compose.volume',
} as const;
