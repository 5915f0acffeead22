/** An id as Marathon knows it: absolute, `/nginx`. */
export function absoluteId(id: string): string {
  return `/${id.replace(/^\/+|\/+$/g, '')}`;
}

/** The path of an app in Marathon's API. */
export function appPath(id: string): string {
  return `/v2/apps${absoluteId(id).split('/').map(encodeURIComponent).join('/')}`;
}
