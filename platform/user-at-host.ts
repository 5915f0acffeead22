import { hostname, userInfo } from 'node:os';

/** Who works on this machine: `ada@laptop-7`. */
export function userAtHost(): string {
  return `${userName()}@${hostname()}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // An id without a name, as containers have.
    return 'somebody';
  }
}
