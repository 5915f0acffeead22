import { userInfo } from 'node:os';
import { runCommand } from './run-command.ts';

export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Of a user of this machine; undefined when that is who we are.
 * @throws Error when there is no such user, or we may not become another
 */
export async function idsOf(user: string): Promise<UserIds | undefined> {
  if (user === userInfo().username) return undefined;
  if (process.getuid?.() !== 0) throw new Error(`only an agent that runs as root can run it as user '${user}'`);
  const [uid, gid] = await Promise.all(['-u', '-g'].map((word) => idOf(word, user)));
  if (uid === undefined || gid === undefined) throw new Error(`there is no user '${user}' on this machine`);
  return { uid, gid };
}

async function idOf(word: string, user: string): Promise<number | undefined> {
  const signal = new AbortController().signal;
  const result = await runCommand('id', [word, '--', user], { cwd: '/', stdio: 'capture', signal });
  return result.kind === 'ended' && result.exitCode === 0 ? Number(result.stdout) : undefined;
}
