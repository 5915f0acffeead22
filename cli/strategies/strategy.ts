import { UserError, type Problem } from '../../errors/user-error.ts';
import { textOf, type CommandLine } from '../command-line/command-line.ts';
import { sharePattern, strategyNames, type StrategyName } from '../../planning/catalogue/strategy-names.ts';

/** How a new version shall come in. */
export type Strategy =
  | { readonly kind: 'rolling' | 'blue-green' }
  | { readonly kind: 'canary'; readonly share: Share; readonly watchMs: number };

/** Of a canary: a number of instances, or a part of all. */
export type Share = { readonly instances: number } | { readonly percent: number };

const defaultWatchMs = 60_000;

/**
 * What the command line asks for; undefined: no strategy.
 * @throws UserError USAGE_ARGUMENTS when a flag of canaries stands beside something else
 */
export function strategyOf(line: CommandLine): Strategy | undefined {
  const typed = textOf(line, 'strategy');
  const kind = strategyNames.find((name) => name === typed);
  const [share, seconds] = [textOf(line, 'share'), textOf(line, 'watch-for')];
  if (kind === 'canary') return strategyNamed(kind, share, seconds === undefined ? undefined : Number(seconds));
  const problems = [...(share === undefined ? [] : ['share']), ...(seconds === undefined ? [] : ['watch-for'])].map(
    (flag) => ofCanary(flag, kind),
  );
  const [first, ...more] = problems;
  if (first !== undefined) throw new UserError(first, ...more);
  return kind === undefined ? undefined : strategyNamed(kind);
}

/**
 * @param share of a canary, as it is typed
 * @param seconds for how long a canary has to be well
 */
export function strategyNamed(kind: StrategyName, share = '1', seconds?: number): Strategy {
  if (kind !== 'canary') return { kind };
  return { kind, share: shareOf(share), watchMs: seconds === undefined ? defaultWatchMs : seconds * 1000 };
}

const ofCanary = (flag: string, kind: StrategyName | undefined): Problem => ({
  code: 'USAGE_ARGUMENTS',
  message: `--${flag} is of a canary`,
  place: { kind: 'flag', flag: `--${flag}` },
  found: kind === undefined ? 'no --strategy' : `--strategy ${kind}`,
  fix: `add --strategy canary, or leave --${flag} out`,
});

function shareOf(typed: string): Share {
  const { count, percent } = sharePattern.exec(typed)?.groups ?? {};
  return percent === '%' ? { percent: Number(count) } : { instances: Number(count) };
}

/**
 * How many instances of the new version a canary has.
 * @param target how many instances there are in the end
 * @param running how many of the version before run: of fewer of these the same number would be a larger share
 * @throws UserError USAGE_FLAG_VALUE when that is less than one, or all
 */
export function instancesOfShare(share: Share, target: number, running: number): number {
  const base = Math.min(target, running);
  const count = 'instances' in share ? share.instances : Math.floor((share.percent * base) / 100);
  if (count >= 1 && count < base) return count;
  const typed = 'instances' in share ? String(share.instances) : `${share.percent}%`;
  const least = Math.ceil(100 / Math.max(base, 1));
  throw new UserError({
    code: 'USAGE_FLAG_VALUE',
    message: `a canary with a share of ${typed} is ${count < 1 ? 'less than one instance' : 'no part'} of ${base} instance${base === 1 ? '' : 's'}`,
    place: { kind: 'flag', flag: '--share' },
    found: typed,
    allowed: base < 2 ? 'apps with two instances at least' : `1 to ${base - 1}, or ${least}% and more`,
    fix: base < 2 ? 'scale the app first, or deploy with --strategy blue-green' : '--share 1',
  });
}
