import { get } from 'node:http';

/** Docker gives a health check five seconds. */
const askMs = 4000;

/** Asks the registry behind the gate. @returns why it is not well; undefined: it is */
export function isRegistryWell(socketPath: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asked = get({ socketPath, path: '/v2/', agent: false, headers: { Host: 'localhost' } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200 ? undefined : `it answers ${answer.statusCode ?? 0}`);
    });
    asked.setTimeout(askMs, () => asked.destroy(new Error('no answer')));
    asked.on('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
  });
}
