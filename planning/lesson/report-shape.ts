import * as z from 'zod';
import { lineProblem } from './one-line.ts';

/*
 * The shape of what `learn report --json` writes and `learn grade` reads. It comes from other people's machines, and its
 * texts go to terminals, tables and pages: so they are one line each, without what moves a cursor or turns text around.
 */

const oneLine = z.string().superRefine((text, context) => {
  const message = lineProblem(text);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});
const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, 'a time is wanted, such as 2026-11-30T09:00:00Z')
  .refine((text) => !Number.isNaN(Date.parse(text)), 'there is no such time');
const count = z.int().min(0).max(1_000_000);

const check = z.object({
  id: oneLine,
  title: oneLine,
  passedAt: time.optional(),
  attempts: count,
  hints: count,
  /** The program has done it. */
  solved: z.boolean(),
});

const lesson = z.object({
  lesson: oneLine,
  title: oneLine,
  /** How long it takes, as the course says. */
  minutes: count,
  /** Missing: it was not started. */
  startedAt: time.optional(),
  checkedAt: time.optional(),
  passedAt: time.optional(),
  resets: count,
  checks: z.array(check).min(1).max(200),
});

export const reportKind = 'create-mesos-cluster learn report';
export const reportFormat = 1;

const reportSchema = z.object({
  kind: z.literal(reportKind),
  format: z.literal(reportFormat),
  version: oneLine,
  learner: oneLine,
  /** Name of the lab. */
  lab: oneLine,
  writtenAt: time,
  lessons: z.array(lesson).max(99),
});

/** What a learner did in a lab. */
export type LearnReport = Readonly<z.infer<typeof reportSchema>>;
export type LessonReport = LearnReport['lessons'][number];

/** What is wrong with what should be a report, in words: where it is, and what it is not. */
export function reportProblem(value: unknown): string | undefined {
  const [issue] = reportSchema.safeParse(value).error?.issues ?? [];
  if (issue === undefined) return undefined;
  const at = issue.path.join('.');
  return `${at === '' ? '' : `${at}: `}${issue.message.replaceAll('\n', ' ')}`;
}

/** @param value one without a problem */
export const asReport = (value: unknown): LearnReport => reportSchema.parse(value);
