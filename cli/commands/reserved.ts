import { UserError } from '../../errors/user-error.ts';
import type { Command } from '../command.ts';

/** Verbs of a later version. The words are taken already, so that no lab is called like one and no script breaks later. */
export const reserved: Command = (_context, line) =>
  Promise.reject(
    new UserError({
      code: 'USAGE_UNKNOWN_VERB',
      message: `This version cannot ${line.verb} yet; nothing was done`,
      found: line.verb,
      fix:
        line.verb === 'verify'
          ? '`npm run status` shows what runs; README.md of the lab has the first steps by hand'
          : 'Post a file of apps/ to Marathon, as README.md of the lab shows',
    }),
  );
