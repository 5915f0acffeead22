import { isDependent, type Container, type Job } from './job.ts';

/** A job as the API shows it, in Chronos's order (JobSerializer.scala). */
export function jobView(job: Job): object {
  const { container, constraints, ...common } = job;
  const [rest, kind] = isDependent(job)
    ? [without(common, 'parents'), { parents: job.parents }]
    : [without(common, 'schedule', 'scheduleTimeZone', 'epsilon'), scheduleOf(job)];
  return {
    ...rest,
    ...(container !== undefined && { container: containerView(container) }),
    constraints,
    ...kind,
    fetch: job.fetch.map(({ output_file, ...each }) => ({ ...each, ...(output_file !== '' && { output_file }) })),
  };
}

/** In the list of all, each has its URIs in both forms (JobManagementResource.list). */
export function listedJob(job: Job): object {
  const both =
    job.fetch.length === 0
      ? {
          fetch: job.uris.map((uri) => ({ uri, output_file: '', executable: false, cache: false, extract: true })),
        }
      : { uris: job.fetch.map(({ uri }) => uri) };
  return jobView({ ...job, ...both });
}

const scheduleOf = ({ schedule, scheduleTimeZone, epsilon }: Exclude<Job, { readonly parents: unknown }>) => ({
  schedule,
  scheduleTimeZone,
  ...(epsilon !== undefined && { epsilon }),
});

const without = (fields: object, ...names: readonly string[]) =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

/** Port numbers are texts in it. */
const containerView = (container: Container) => ({
  ...container,
  networkInfos: container.networkInfos.map((network) => ({
    ...network,
    portMappings: network.portMappings.map(({ hostPort, containerPort, ...more }) => ({
      hostPort: String(hostPort),
      containerPort: String(containerPort),
      ...more,
    })),
  })),
});
