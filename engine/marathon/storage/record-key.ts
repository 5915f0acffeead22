/** The keys of records. */
export const recordKey = {
  framework: 'framework',
  app: (id: string) => `app:${id}`,
  group: (id: string) => `group:${id}`,
  /** What a change of apps and groups made, by its version. */
  change: (version: string) => `change:${version}`,
  instance: (taskId: string) => `instance:${taskId}`,
  deployment: (id: string) => `deployment:${id}`,
};
