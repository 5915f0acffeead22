import { List } from '../parts/list.tsx';
import { words } from '../words.ts';

/** Names with a value each, such as flags: a table that can be searched. */
export const Texts = (props: {
  readonly name: string;
  readonly texts: Readonly<Record<string, string | number>>;
  readonly empty: string;
}) => (
  <List
    name={props.name}
    rows={Object.entries(props.texts).sort(([one], [other]) => (one < other ? -1 : 1))}
    keyOf={([name]) => name}
    textOf={([name, value]) => `${name} ${value}`}
    empty={props.empty}
    columns={[
      { title: words.name, show: ([name]) => <code>{name}</code>, sortBy: ([name]) => name },
      {
        title: words.value,
        show: ([, value]) => (
          <code class="value">{typeof value === 'number' ? value.toLocaleString('en') : value}</code>
        ),
        sortBy: ([, value]) => value,
      },
    ]}
  />
);
