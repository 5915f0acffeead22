import { exitCodes } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import { systemClock } from '../../platform/clock.ts';
import { reporterFor } from '../apps/running-marathon.ts';
import { isOn, textOf } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { millisecondsOf } from '../command-line/flag-values.ts';

const usual = { rate: '10', for: '60s' };

/** `load URL`: makes traffic, and shows how it was answered. Exit code 4 when no request was. */
export const load: Command = async (context, line) => {
  const [given = ''] = line.positionals;
  const url = webUrl(given);
  const [rate, forMs] = [Number(textOf(line, 'rate') ?? usual.rate), millisecondsOf(textOf(line, 'for') ?? usual.for)];
  const { makeLoad } = await import('../../checks/load/make-load.ts');
  const { loadText, progressText } = await import('../load/load-text.ts');
  const { signal } = context;
  const title = `Asking ${url} ${rate} times a second for ${(forMs ?? 0) / 1000} s`;
  const result = await reporterFor(context, line).step({ title }, (see) =>
    makeLoad({
      ...{ url, rate, forMs: forMs ?? 0, signal, clock: systemClock },
      onProgress: (so) => {
        see(progressText(so));
      },
    }),
  );
  const shown = { url, asked: { rate, seconds: (forMs ?? 0) / 1000 }, ...result };
  context.stdout.write(isOn(line, 'json') ? `${JSON.stringify(shown, undefined, 2)}\n` : loadText(result));
  if (signal.aborted) return exitCodes.interrupted;
  return Object.keys(result.answers).length === 0 ? exitCodes.command : exitCodes.ok;
};

/** @throws UserError USAGE_ARGUMENTS */
function webUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url !== undefined && ['http:', 'https:'].includes(url.protocol)) return url.href;
  throw new UserError({
    code: 'USAGE_ARGUMENTS',
    message: `${given} is no URL that can be asked`,
    found: given,
    allowed: 'a URL of http or https, such as http://127.0.0.1:10000/',
    fix: 'create-mesos-cluster load http://127.0.0.1:10000/ --rate 20 --for 60s',
  });
}
