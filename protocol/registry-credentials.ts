/** Where a lab has who may push to its registry, relative to its folder: one line `USER:PASSWORD`. */
export const registryCredentialsPath = 'secrets/registry';

/** What hands its content to Compose where the registry is on a machine that has no file of the lab. */
export const registryCredentialsVariable = 'REGISTRY_CREDENTIALS';

/** Who may push to the registry of a lab, and delete there. */
export interface RegistryCredentials {
  readonly user: string;
  readonly password: string;
}

/** In bytes: what is longer is another file. */
export const longestCredentials = 1024;

/**
 * Reads the one line of the file, as Basic authentication can send it: no colon in the user, no control characters
 * (RFC 7617, 2).
 * @returns what is wrong with the text, behind "it", if it is not such a line
 */
export function parseRegistryCredentials(text: string): RegistryCredentials | { readonly fault: string } {
  const line = text.replace(/\r?\n$/, '');
  if (line.trim() === '') return { fault: 'is empty' };
  if (/[\r\n]/.test(line)) return { fault: 'has several lines' };
  if (/\p{Cc}|\uFFFD/u.test(line)) return { fault: 'has characters that no password can have' };
  const colon = line.indexOf(':');
  if (colon < 0) return { fault: 'has no colon between user and password' };
  const [user, password] = [line.slice(0, colon), line.slice(colon + 1)];
  if (user === '' || /\s/.test(user)) return { fault: 'has no user without spaces before its colon' };
  if (password === '') return { fault: 'has no password behind its colon' };
  return { user, password };
}
