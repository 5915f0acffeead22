import { textAt, valueAt } from '../../../../protocol/json.ts';
import type { Known } from '../../connection.ts';
import { StateChip } from '../../parts/chips.tsx';
import { When } from '../../parts/when.tsx';
import { linkTo } from '../../route.ts';
import { words } from '../../words.ts';

/** The last task of an app that failed, as Marathon remembers it (TaskFailure of task.raml). */
export function LastFailure({ known, said }: { readonly known: Known; readonly said: unknown }) {
  const failure = valueAt(said, 'app', 'lastTaskFailure');
  if (failure === undefined || failure === null) return null;
  const [task, agent] = [textAt(failure, 'taskId') ?? '', textAt(failure, 'slaveId') ?? ''];
  const host = textAt(failure, 'host') ?? '';
  return (
    <section class="note bad">
      <h3>
        {words.lastFailure} <StateChip state={textAt(failure, 'state') ?? ''} />
      </h3>
      <p>{textAt(failure, 'message')}</p>
      <p class="quiet">
        <When at={textAt(failure, 'timestamp')} />, {words.ofApps.on}{' '}
        {known.picture.agents.has(agent) ? <a href={linkTo('agents', agent)}>{host}</a> : host}
        {task !== '' && (
          <>
            , <a href={linkTo('tasks', task)}>{words.ofApps.itsSandbox}</a>
          </>
        )}
      </p>
    </section>
  );
}
