import { exitCodes } from '../../errors/exit-codes.ts';
import { isUserError, UserError } from '../../errors/user-error.ts';
import { findPortHolder } from '../../platform/network/port-holder.ts';
import { isOn, textOf } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';

/** `page`: serves the page of the lab, or of a cluster by its URLs, on loopback until it is interrupted. */
export const page: Command = async (context, line) => {
  const port = Number(textOf(line, 'page-port') ?? '0');
  const { serveSubject } = await import('../page/serve-pages.ts');
  const { url, close } = await serveSubject(context, line, port).catch((error: unknown) => {
    throw isUserError(error) ? error : portError(error, port);
  });
  context.stdout.write(isOn(line, 'json') ? `${JSON.stringify({ url })}\n` : `The page, until Ctrl-C: ${url}\n`);
  await endOf(context.signal);
  await close();
  return exitCodes.ok;
};

const endOf = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
    if (signal.aborted) resolve();
  });

/** What the system says of a port that it does not give, in words. */
function portError(error: unknown, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return error;
  const holder = code === 'EADDRINUSE' ? findPortHolder(port) : undefined;
  const taken = holder === undefined ? 'taken' : `taken by ${holder.command} (process ${holder.pid})`;
  return new UserError({
    code: 'MACHINE_PORT_TAKEN',
    place: { kind: 'flag', flag: '--page-port' },
    message: `Port ${port}, where the page would be, ${code === 'EACCES' ? 'is not for this user' : `is ${taken}`}`,
    fix: 'Leave out --page-port: one that is free is found; or name another one',
  });
}
