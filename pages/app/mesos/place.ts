/** Where files are looked for, as the page's server is told: a task's sandbox, an executor's, a log. */
export type Place = Readonly<Record<string, string>>;

export const downloadOf = (place: Place, file: string): string =>
  `/page/download?${new URLSearchParams({ ...place, file }).toString()}`;
