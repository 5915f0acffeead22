/** An id as Marathon knows it: absolute, `/nginx`. */
export function absoluteId(id: string): string {
  return `/${id.replace(/^\/+|\/+$/g, '')}`;
}

/** The path of an app in Marathon's API. */
export const appPath = (id: string): string => `/v2/apps${pathOf(id)}`;

/** The path of a pod in Marathon's API. */
export const podPath = (id: string): string => `/v2/pods${pathOf(id)}`;

/** The path of a group in Marathon's API. */
export const groupPath = (id: string): string => `/v2/groups${pathOf(id)}`;

const pathOf = (id: string) => absoluteId(id).split('/').map(encodeURIComponent).join('/');
