import type { Known } from '../connection.ts';
import { HourCharts } from '../hour/hour-charts.tsx';
import { words } from '../words.ts';

/** The last hour of the cluster. */
export const Hour = ({ known }: { readonly known: Known }) => (
  <>
    <h2>{words.views.hour}</h2>
    <HourCharts known={known} kind="cluster" id="" />
  </>
);
