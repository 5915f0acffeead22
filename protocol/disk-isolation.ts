/** Present and former name of the isolator (src/slave/containerizer/mesos/containerizer.cpp). */
const isolators: readonly string[] = ['disk/du', 'posix/disk'];

/** Whether an agent with this `isolation` measures what containers have on the disk, and may end them for that. */
export const measuresDisk = (isolation: string): boolean =>
  isolation.split(',').some((name) => isolators.includes(name.trim()));
