import { minutesOfDay, minutesOfWeek, type Bounds, type LabelProblem, type Span } from './wish.ts';

const label = 'AUTOSCALE_SCHEDULE';
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const allowed =
  'spans of the week in UTC with ; between them, each with min=N, max=N or both: mon-fri 08:00-18:00 min=4 max=8; sat,sun 00:00-24:00 max=2';

/**
 * Reads `mon-fri 08:00-18:00 min=4; daily 22:00-06:00 max=2`: times are UTC, one that ends before it begins goes on until
 * the next day, and what a span does not say is that of the other labels.
 */
export function readSchedule(
  text: string,
  usual: Bounds,
): { readonly spans: readonly Span[]; readonly problems: readonly LabelProblem[] } {
  const entries = text.split(';').flatMap((entry) => (entry.trim() === '' ? [] : [entry.trim()]));
  const read = entries.map((entry) => readSpan(entry, usual));
  const spans = read.flatMap((each) => ('minutes' in each ? [each] : []));
  const problems = read.flatMap((each) => ('message' in each ? [each] : []));
  if (entries.length === 0)
    return { spans, problems: [problem(text, 'It has no span', 'Write one, or remove the label')] };
  return { spans, problems: [...problems, ...overlaps(spans)] };
}

const problem = (found: string, message: string, fix: string): LabelProblem => ({
  ...{ label, message, found, allowed, fix },
});

function readSpan(text: string, usual: Bounds): Span | LabelProblem {
  const pattern = /^(?<days>[a-z,-]+)\s+(?<from>\d\d:\d\d)-(?<to>\d\d:\d\d)(?<bounds>(?:\s+(?:min|max)=\d{1,6})+)$/;
  const groups = pattern.exec(text.toLowerCase())?.groups;
  if (groups === undefined) return problem(text, 'It is no span of the week', 'Write it as mon-fri 08:00-18:00 min=4');
  const named = dayNumbers(groups['days'] ?? '');
  if (named === undefined) {
    return problem(text, `${groups['days'] ?? ''} are no days`, `Write ${days.join(', ')}, mon-fri or daily`);
  }
  const [from, to] = [minuteOf(groups['from']), minuteOf(groups['to'])];
  if (from === undefined || to === undefined || from === minutesOfDay || from === to) {
    return problem(
      text,
      'Its times are none of a day',
      'Write them from 00:00 to 24:00, the end other than the beginning',
    );
  }
  const bound = (name: string) => new RegExp(`${name}=(\\d+)`).exec(groups['bounds'] ?? '')?.[1];
  const [min, max] = [Number(bound('min') ?? usual.min), Number(bound('max') ?? usual.max)];
  if (min < 1) return problem(text, 'Its min is less than one instance', 'Write min=1 or more');
  if (min > max) {
    return problem(text, `Its min, ${min}, is above its max, ${max}`, `Write min=${max}, or a max of ${min} or more`);
  }
  return { text, min, max, minutes: named.flatMap((day) => minutesFrom(day, from, to)) };
}

/** `daily`, `mon-fri`, `sat,sun`. */
function dayNumbers(text: string): readonly number[] | undefined {
  if (text === 'daily') return days.map((_, index) => index);
  const found = text.split(',').map((part) => {
    const [first = -1, last = first, ...more] = part.split('-').map((day) => days.indexOf(day));
    if (more.length > 0 || first < 0 || last < 0) return [];
    const count = ((last - first + days.length) % days.length) + 1;
    return Array.from({ length: count }, (_, index) => (first + index) % days.length);
  });
  return found.some((each) => each.length === 0) ? undefined : [...new Set(found.flat())];
}

function minuteOf(time = ''): number | undefined {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const minute = hours * 60 + minutes;
  return minutes < 60 && minute <= minutesOfDay ? minute : undefined;
}

function minutesFrom(day: number, from: number, to: number): Span['minutes'] {
  const start = day * minutesOfDay;
  const [first, last] = [start + from, start + to + (to < from ? minutesOfDay : 0)];
  if (last <= minutesOfWeek) return [{ from: first, to: last }];
  return [
    { from: first, to: minutesOfWeek },
    { from: 0, to: last - minutesOfWeek },
  ];
}

function overlaps(spans: readonly Span[]): readonly LabelProblem[] {
  const meet = (one: Span, other: Span) =>
    one.minutes.some((a) => other.minutes.some((b) => a.from < b.to && b.from < a.to));
  return spans.flatMap((span, index) =>
    spans
      .slice(index + 1)
      .filter((other) => meet(span, other))
      .map((other) =>
        problem(
          `${span.text}; ${other.text}`,
          'Two spans of it are at the same time',
          'Let one begin where the other ends',
        ),
      ),
  );
}
