import type { Known } from '../connection.ts';
import { StateChip } from '../parts/chips.tsx';
import { List } from '../parts/list.tsx';
import { TaskList } from '../parts/task-list.tsx';
import { linkTo } from '../route.ts';
import { words } from '../words.ts';

export function Frameworks({ known, id }: { readonly known: Known; readonly id: string }) {
  const { frameworks } = known.picture;
  const chosen = frameworks.get(id);
  return (
    <>
      <List
        name={words.views.frameworks}
        rows={[...frameworks]}
        keyOf={([each]) => each}
        empty={words.noMatch}
        columns={[
          { title: words.name, show: ([each, { name }]) => <a href={linkTo('frameworks', each)}>{name}</a> },
          { title: words.state, show: ([, { state }]) => <StateChip state={state} /> },
          { title: words.views.tasks, show: ([, { tasks }]) => tasks },
          { title: words.roles, show: ([, { roles }]) => roles.join(', ') },
          { title: words.user, show: ([, { user }]) => user },
        ]}
      />
      {chosen !== undefined && (
        <>
          <h2>{chosen.name}</h2>
          <p class="quiet">{id}</p>
          <TaskList known={known} of={{ framework: id }} />
        </>
      )}
    </>
  );
}
