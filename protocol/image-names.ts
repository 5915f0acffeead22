const part = String.raw`[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*`;

/** Source of a pattern: the name of a repository in a registry, `team/web` (distribution/reference, remote-name). */
export const repositoryPattern = `${part}(?:/${part})*`;

const repositoryForm = new RegExp(`^${repositoryPattern}$`);
const tagForm = /^\w[\w.-]{0,127}$/;

export const isRepositoryName = (text: string): boolean => repositoryForm.test(text);
export const isTagName = (text: string): boolean => tagForm.test(text);
