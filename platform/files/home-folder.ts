import { homedir } from 'node:os';

/** The user's home: as the environment says, else as the system knows it; undefined when neither does. */
export function homeFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const named = env['HOME'] ?? env['USERPROFILE'] ?? '';
  if (named !== '') return named;
  try {
    return homedir();
  } catch {
    return undefined;
  }
}
