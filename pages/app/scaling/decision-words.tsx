import type { DecisionRow, ScaledAppRow } from '../../picture/decisions.ts';
import { words } from '../words.ts';

const shown = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 2 });

/** `20 requests a second`; a query has no name but itself. */
export const measuredText = (value: number | undefined, metric: string): string =>
  value === undefined ? words.ofHour.notMeasured : `${shown(value)} ${words.ofScaling.metrics[metric] ?? ''}`.trim();

export const decidedText = ({ kind, from, to }: DecisionRow): string => words.ofScaling.said(kind, from, to);

/** Rows of a list are of one height: all of it is in its title. */
export const Reason = ({ text = '' }: { readonly text?: string | undefined }) => <span title={text}>{text}</span>;

/** Why an app is not scaled at all. */
export const LabelProblems = ({ problems }: Pick<ScaledAppRow, 'problems'>) => (
  <ul class="plain">
    {problems.map(({ label, message, found, allowed, fix }) => (
      <li key={`${label} ${message}`}>{words.ofScaling.fault(message, found, allowed, fix)}</li>
    ))}
  </ul>
);
