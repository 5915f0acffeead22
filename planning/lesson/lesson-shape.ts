import * as z from 'zod';
import { addons, presetNames } from '../catalogue/roles.ts';
import { lessonKind } from '../spec-text/yaml-kind.ts';
import type { YamlShape } from '../shape/yaml-shape.ts';
import { actionShapes } from './action-shapes.ts';
import { lookShapes } from './look-shapes.ts';
import { count, text } from './value-shapes.ts';

/*
 * The shape of lesson.yaml: keys, types and words. What the values mean together is checked in lesson-rules.ts.
 * `meta` goes into lesson.schema.json and docs/lessons.md.
 */

/** Named, so that the JSON Schema has each of them once. */
const named = <Shapes extends Readonly<Record<string, z.ZodType>>>(shapes: Shapes) =>
  Object.fromEntries(Object.entries(shapes).map(([id, shape]) => [id, shape.meta({ ...shape.meta(), id })])) as Shapes;

const [looks, actions] = [named(lookShapes), named(actionShapes)];

/** Each step is a map with one of these keys; which ones there are together is a rule of its own. */
const optional = <Shapes extends Readonly<Record<string, z.ZodType>>>(shapes: Shapes) =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, shape.optional()])) as {
    readonly [Name in keyof Shapes]: z.ZodOptional<Shapes[Name]>;
  };

const within = z.int().min(1).max(600).optional().meta({
  description:
    'How many seconds may go by until it is so, where a step waits; what the runtime takes unless something is said.',
});

const lookStep = z.strictObject({ ...optional(looks) }).meta({ description: 'Looks at one thing.', minProperties: 1 });

const step = z
  .strictObject({ ...optional(actions), ...optional(looks), within })
  .meta({ id: 'step', description: 'Does one thing, or waits until one thing is so.', minProperties: 1 });

const steps = (description: string) => z.array(step).meta({ description });

const check = z
  .strictObject({
    title: text('What is so once it passes, in a few words.', ['nginx runs twice and is healthy']),
    look: z.array(lookStep).meta({ description: 'What is looked at; all of it must be so.', minItems: 1 }),
    hints: z.array(z.string()).optional().meta({
      description:
        'Shown one by one, by `learn hint`, in Markdown: the first one says where to look, the last one what to do.',
    }),
    solution: steps('What `learn solve` does, in this order; a look waits.').optional(),
  })
  .meta({ description: 'One thing to reach.' });

const needs = z
  .strictObject({
    preset: z.enum(presetNames).optional().meta({
      description: 'A lab of this preset has what it needs: at least as many of each role.',
    }),
    masters: count('How many masters, at least.').optional(),
    agents: count('How many agents, at least.').optional(),
    marathons: count('How many Marathons, at least.').optional(),
    addons: z.array(z.enum(addons)).optional().meta({ description: 'Add-ons.' }),
    runtimes: z
      .array(z.enum(['docker', 'embedded', 'hosts', 'vagrant', 'adopted']))
      .optional()
      .meta({
        description:
          'Where it works; everywhere unless something is said, but for what must not be done to clusters of other people.',
      }),
  })
  .meta({ description: 'What lab it needs.' });

/** The schema of a lesson. */
export const lessonSchema = z
  .strictObject({
    title: text('What it is called.', ['nginx and the load balancer']),
    minutes: z.int().min(1).max(240).meta({ description: 'How long it takes.' }),
    summary: text('What one can do afterwards, in a sentence.').optional(),
    needs: needs.optional(),
    setup: steps(
      'Done by `learn start` and `learn reset`, in this order, so that there is something to begin with.',
    ).optional(),
    checks: z.array(check).meta({ description: 'What is to be reached, one after the other.', minItems: 1 }),
    cleanup: steps(
      'Done by `learn reset` and `learn next`. The group `/learn`, jobs named `learn-…`, parts that do not run and agents that are drained need no step: they are seen to.',
    ).optional(),
    withoutAnswers: z.literal(true).optional().meta({
      description:
        'Solutions were taken out, and right answers made fingerprints: written by `learn export --without-answers`.',
    }),
  })
  .meta({ title: 'lesson.yaml', description: 'A lesson of create-mesos-cluster learn.' });

export const lessonShape: YamlShape = { kind: lessonKind, schema: lessonSchema, looksInLists: true };

/** lesson.yaml as its author wrote it. */
export type LessonText = z.infer<typeof lessonSchema>;
export type StepText = z.infer<typeof step>;
export type CheckText = z.infer<typeof check>;
export type LookName = keyof typeof lookShapes;
export type ActionName = keyof typeof actionShapes;

type StepsOf<Shapes extends Readonly<Record<string, z.ZodType>>> = {
  readonly [Name in keyof Shapes]: { readonly kind: Name; readonly value: z.infer<Shapes[Name]> };
}[keyof Shapes];

/** One thing that is looked at. */
export type Look = StepsOf<typeof lookShapes>;
/** One thing that is done. */
export type Action = StepsOf<typeof actionShapes>;
/** With `withinSeconds` where the lesson says how long it may wait. */
export type Step = (Look | Action) & { readonly withinSeconds?: number };
