import { readWish } from '../../autoscaling/labels/read-wish.ts';
import { UserError, type Problem } from '../../errors/user-error.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { listAt, textAt, textsAt } from '../../protocol/json.ts';
import type { AppDefinition } from './app-files.ts';

/** An app, of a group also one in it, that has labels of the autoscaler. */
interface Labelled {
  readonly file: string;
  readonly id: string;
  readonly read: ReturnType<typeof readWish>;
}

/**
 * Looks at the labels of the autoscaler before anything is deployed.
 * @returns a warning where they have no effect
 * @throws UserError USAGE_APP_FILE with every mistake in them
 */
export function checkScaling(definitions: readonly AppDefinition[], { addons }: Plan): string | undefined {
  const labelled = definitions
    .flatMap(({ file, definition }) => labelledIn(definition, file))
    .filter(({ read }) => read.kind !== 'none');
  const [first, ...more] = labelled.flatMap(problemsOf);
  if (first !== undefined) throw new UserError(first, ...more);
  if (labelled.length === 0 || addons.includes('autoscaler')) return undefined;
  const ids = labelled.map(({ id }) => id).join(', ');
  return `The labels AUTOSCALE_… of ${ids} have no effect: this lab has no autoscaler (addons: [${[...addons, 'autoscaler'].join(', ')}])`;
}

function labelledIn(definition: unknown, file: string): readonly Labelled[] {
  const inside = ['apps', 'groups'].flatMap((name) => listAt(definition, name));
  const own = { file, id: textAt(definition, 'id') ?? '', read: readWish(textsAt(definition, 'labels')) };
  return [own, ...inside.flatMap((each) => labelledIn(each, file))];
}

function problemsOf({ file, id, read }: Labelled): readonly Problem[] {
  if (read.kind !== 'problems') return [];
  return read.problems.map(({ label, message, found, allowed, fix }) => ({
    code: 'USAGE_APP_FILE',
    place: { kind: 'path', path: file },
    message: `${id} cannot be scaled by itself: ${message.startsWith(label) ? '' : `${label}: `}${message}`,
    ...(found === undefined ? {} : { found }),
    allowed,
    fix,
  }));
}
