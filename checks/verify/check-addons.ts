import type { AddonTargets } from '../addons/addon-targets.ts';
import { lookAtAutoscaler, lookAtExporter, lookAtLoki, lookAtPrometheus } from '../addons/look-at-addons.ts';
import type { Cluster } from '../cluster-target.ts';
import type { Seen } from '../poll-until.ts';
import { expectSeen, NothingToCheck, type Check, type VerifyRun } from './check.ts';

const isThere = (name: keyof AddonTargets): Pick<Check, 'isAbout'> => ({
  isAbout: ({ addons }) => addons?.[name] !== undefined,
});

const looking =
  (look: (cluster: Cluster, signal: AbortSignal) => Promise<Seen>, time: 'lookMs' | 'startMs') =>
  async (run: VerifyRun, signal: AbortSignal) =>
    (await expectSeen(run, (either) => look(run.cluster, either), run.times[time], signal)).seen;

async function checkLoki(run: VerifyRun, signal: AbortSignal): Promise<string> {
  const look = (either: AbortSignal) => lookAtLoki(run.cluster, either);
  const { seen, isClosed } = await expectSeen(run, look, run.times.startMs, signal);
  if (isClosed === true) throw new NothingToCheck(`Loki cannot be asked: ${seen}`);
  return seen;
}

/** Programs of other people begin as their containers do: they may take as long as apps. */
export const addonChecks: readonly Check[] = [
  {
    name: 'metrics-exporter',
    title: 'the metrics exporter reaches every part',
    needs: ['leading-master'],
    ...isThere('metrics'),
    run: looking(lookAtExporter, 'lookMs'),
  },
  {
    name: 'prometheus-targets',
    title: 'Prometheus reaches the exporter',
    needs: ['metrics-exporter'],
    ...isThere('prometheus'),
    run: looking(lookAtPrometheus, 'startMs'),
  },
  {
    name: 'autoscaler',
    title: 'the autoscaler looks at the apps',
    needs: ['marathon'],
    ...isThere('autoscaler'),
    run: looking(lookAtAutoscaler, 'lookMs'),
  },
  { name: 'loki', title: 'Loki is ready', needs: [], ...isThere('grafanaOfLoki'), run: checkLoki },
];
