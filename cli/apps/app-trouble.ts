import { excerpt } from '../../checks/excerpt.ts';
import { whyWaiting, type WaitingAgents } from '../../checks/why-waiting.ts';
import { listAt, numberAt, textAt } from '../../protocol/json.ts';

/**
 * Why fewer instances of an app run than it should have, as far as Marathon says: the last failure of its tasks, when the
 * next one is tried (Marathon waits longer after each failure), and why no offer of an agent fits.
 * @param app of `GET /v2/apps?embed=apps.lastTaskFailure`
 * @param queue `GET /v2/queue`
 * @returns `failed: Container exited with status 3; next try in 12 s`; undefined when nothing is missing or known
 */
export function troubleOf(app: unknown, queue: unknown, agents: WaitingAgents): string | undefined {
  if ((numberAt(app, 'tasksRunning') ?? 0) >= (numberAt(app, 'instances') ?? 0)) return undefined;
  const item = listAt(queue, 'queue').find((each) => textAt(each, 'app', 'id') === textAt(app, 'id'));
  const delay = numberAt(item, 'delay', 'timeLeftSeconds') ?? 0;
  const failure = textAt(app, 'lastTaskFailure', 'message');
  const isOfThisVersion = textAt(app, 'lastTaskFailure', 'version') === textAt(app, 'version');
  const waiting = whyWaiting(queue, textAt(app, 'id') ?? '', agents);
  const words = [
    ...(failure !== undefined && isOfThisVersion ? [`failed: ${excerpt(failure, 300)}`] : []),
    ...(delay > 0 ? [`next try in ${Math.ceil(delay)} s`] : []),
    ...(waiting === undefined ? [] : [waiting]),
  ];
  return words.length === 0 ? undefined : words.join('; ');
}
