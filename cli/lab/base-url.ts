import { UserError } from '../../errors/user-error.ts';
import { isBaseUrl } from '../../planning/rules/check-adopted.ts';

/**
 * Reads the URL of a part of a cluster; `http://` may be left out.
 * @param verb that asks for it
 * @throws UserError USAGE_ARGUMENTS
 */
export const readBaseUrl =
  (verb: string) =>
  (flag: string, text: string): string => {
    const url = (text.includes('://') ? text : `http://${text}`).replace(/\/+$/, '');
    if (isBaseUrl(url)) return url;
    const hasPassword = /^[a-z]+:\/\/[^/]*@/i.test(url);
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message: 'This is not the URL of a part of a cluster',
      place: { kind: 'flag', flag },
      // Not even a message shows a password.
      found: hasPassword ? 'a URL with a user name or password' : text,
      allowed: 'http or https, a host, and a port, such as http://10.0.0.2:5050',
      fix: hasPassword
        ? `Write ${url.replace(/^([a-z]+:\/\/)[^/]*@/i, '$1')}: ${verb} sends no password`
        : 'Write it without a path',
    });
  };
