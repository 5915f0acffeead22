/** The keys of records. */
export const recordKey = {
  framework: 'framework',
  app: (id: string) => `app:${id}`,
  instance: (taskId: string) => `instance:${taskId}`,
  deployment: (id: string) => `deployment:${id}`,
};
