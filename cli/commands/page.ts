import { exitCodes } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import { textOf } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { clusterOfLab, findLab, openLab } from '../lab/open-lab.ts';
import { LabOnPage } from '../status/lab-on-page.ts';

/** `page`: serves the page of the lab on loopback until it is interrupted. */
export const page: Command = async (context, line) => {
  const directory = openLab(context, line);
  const find = async () => (await findLab(context, line, directory))?.found ?? ({ kind: 'nothing' } as const);
  const lab = new LabOnPage(await clusterOfLab(context, line, directory), find, Date.now);
  // What somebody stopped is shown, too, and is followed when it is back.
  await lab.findAgain();
  // No other verb needs a web server.
  const { servePage } = await import('../../pages/server/serve-page.ts');
  const served = await servePage({
    masters: () => lab.target.masters,
    marathons: () => lab.target.marathons,
    lookAtComponents: (signal) => lab.look(signal),
    labTrouble: () => lab.trouble,
    agentUrl: ({ host, port }) => lab.client.urlFor(`${host.includes(':') ? `[${host}]` : host}:${port}`),
    now: Date.now,
    port: portOf(textOf(line, 'page-port')),
    log: (text) => {
      context.stderr.write(`${text}\n`);
    },
  });
  context.stdout.write(`The page of the lab, until Ctrl-C: ${served.url}\n`);
  await new Promise<void>((resolve) => {
    context.signal.addEventListener('abort', () => {
      resolve();
    });
    if (context.signal.aborted) resolve();
  });
  await served.close();
  return exitCodes.ok;
};

/** @throws UserError USAGE_FLAG_VALUE */
function portOf(text = '0'): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new UserError({
    code: 'USAGE_FLAG_VALUE',
    place: { kind: 'flag', flag: '--page-port' },
    message: `${text} is not a port`,
    allowed: 'a number from 1 to 65535; 0: one that is free',
    fix: '--page-port 8090',
  });
}
