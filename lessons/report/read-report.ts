import type { Problem } from '../../errors/user-error.ts';
import {
  asReport,
  reportFormat,
  reportKind,
  reportProblem,
  type LearnReport,
} from '../../planning/lesson/report-shape.ts';
import { valueAt } from '../../protocol/json.ts';

/** A file that was handed in, as it is called in messages. */
export interface HandedIn {
  readonly file: string;
  readonly bytes: Uint8Array;
}

export type ReadReport =
  | { readonly kind: 'report'; readonly file: string; readonly report: LearnReport }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** Sixty lessons make fifty kilobytes. */
const mostBytes = 2_000_000;

const howToWrite = 'In the lab of the learner: npm run --silent learn -- report --json > NAME.json';

/** Reads one report; what is none is told with what to do about it. */
export function readReport({ file, bytes }: HandedIn): ReadReport {
  const refuse = (message: string, details: Pick<Problem, 'found' | 'allowed' | 'fix'>) =>
    ({
      kind: 'problem',
      problem: { code: 'LEARN_REPORT', message, place: { kind: 'path', path: file }, ...details },
    }) as const;
  if (bytes.byteLength === 0) return refuse('The report is empty', { fix: howToWrite });
  if (bytes.byteLength > mostBytes) {
    const found = `${(bytes.byteLength / 1e6).toFixed(1)} MB`;
    return refuse('This is no report: it is too large', { found, allowed: 'at most 2 MB', fix: howToWrite });
  }
  const parsed = parseReport(bytes);
  if ('problem' in parsed)
    return refuse('This is no report: it is not JSON', { found: parsed.problem, fix: howToWrite });
  const { value } = parsed;
  const kind = valueAt(value, 'kind');
  if (kind !== reportKind) {
    const found = typeof kind === 'string' ? JSON.stringify(kind.slice(0, 60)) : 'JSON of another kind';
    return refuse('This is no report of a learner', { found, allowed: `"kind": "${reportKind}"`, fix: howToWrite });
  }
  const format = valueAt(value, 'format');
  if (typeof format === 'number' && format > reportFormat) {
    const fix = 'Grade with the version of this program that the learners have, or a newer one';
    return refuse('A newer version of this program wrote the report', { found: `format ${format}`, fix });
  }
  const problem = reportProblem(value);
  if (problem !== undefined)
    return refuse('The report is damaged', { found: problem, fix: `Write it again. ${howToWrite}` });
  return { kind: 'report', file, report: asReport(value) };
}

/** Also as PowerShell writes what a command prints, UTF-16; and with the lines that npm prints without `-s`. */
function parseReport(bytes: Uint8Array): { readonly value: unknown } | { readonly problem: string } {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
  const json = text.replace(/^(?:(?:> .*)?\r?\n)*/, '');
  try {
    return { value: JSON.parse(json) as unknown };
  } catch {
    const isCut = json.trimStart().startsWith('{');
    return { problem: isCut ? 'it begins as JSON does, and is cut off or damaged' : JSON.stringify(json.slice(0, 40)) };
  }
}
