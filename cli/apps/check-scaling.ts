import { readWish } from '../../autoscaling/labels/read-wish.ts';
import { UserError, type Problem } from '../../errors/user-error.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { listAt, textAt, valueAt } from '../../protocol/json.ts';
import type { AppDefinition } from './app-files.ts';

/** An app, of a group also one in it, that has labels of the autoscaler. */
interface Labelled {
  readonly file: string;
  readonly id: string;
  readonly read: ReturnType<typeof readWish>;
  readonly isPod: boolean;
}

/**
 * Looks at the labels of the autoscaler before anything is deployed.
 * @returns a warning where they have no effect
 * @throws UserError USAGE_APP_FILE with every mistake in them
 */
export function checkScaling(definitions: readonly AppDefinition[], { addons }: Plan): string | undefined {
  const labelled = definitions
    .flatMap(({ file, definition, kind }) => labelledIn(definition, file, kind === 'pod'))
    .filter(({ read }) => read.kind !== 'none');
  const [first, ...more] = labelled.flatMap(problemsOf);
  if (first !== undefined) throw new UserError(first, ...more);
  const idle = addons.includes('autoscaler') ? labelled.filter(({ isPod }) => isPod) : labelled;
  if (idle.length === 0) return undefined;
  const why = addons.includes('autoscaler')
    ? 'pods are not scaled'
    : `this lab has no autoscaler (addons: [${[...addons, 'autoscaler'].join(', ')}])`;
  return `The labels AUTOSCALE_… of ${idle.map(({ id }) => id).join(', ')} have no effect: ${why}`;
}

function labelledIn(definition: unknown, file: string, isPod: boolean): readonly Labelled[] {
  const inside = ['apps', 'groups'].flatMap((name) => listAt(definition, name));
  const labels = Object.entries(valueAt(definition, 'labels') ?? {}) as readonly (readonly [string, unknown])[];
  // Marathon refuses a label that is no text; here its value is looked at.
  const texts = Object.fromEntries(labels.map(([name, value]) => [name, String(value)]));
  const own = { file, id: textAt(definition, 'id') ?? '', read: readWish(texts), isPod };
  return [own, ...inside.flatMap((each) => labelledIn(each, file, isPod))];
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
