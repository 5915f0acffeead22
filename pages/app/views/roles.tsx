import './mesos.css';
import type { AmountsByName, RoleDetails } from '../../picture/details.ts';
import type { Known } from '../connection.ts';
import { NotKnown, Trouble, Facts } from '../mesos/facts.tsx';
import { AmountTable, amountsText } from '../mesos/resources.tsx';
import { useAsked } from '../mesos/use-asked.ts';
import { List } from '../parts/list.tsx';
import { linkTo } from '../route.ts';
import { words } from '../words.ts';

const everyMs = 2000;

const shown = (amounts: AmountsByName) => {
  const text = amountsText(amounts);
  return text === '' ? '–' : text;
};

/** All roles that have a framework, a quota, a weight or a reservation; one of them with all that is known of it. */
export function Roles({ known, id }: { readonly known: Known; readonly id: string }) {
  const { answer: roles = [], answer, trouble } = useAsked<readonly RoleDetails[]>('/page/roles', everyMs);
  if (answer === undefined && trouble === '') return <p class="quiet">{words.asking}</p>;
  const chosen = roles.find(({ name }) => name === id);
  return (
    <>
      <Trouble trouble={trouble} />
      {id !== '' &&
        (chosen === undefined ? <NotKnown what={words.role} id={id} /> : <Role role={chosen} known={known} />)}
      {id === '' && <h2>{words.views.roles}</h2>}
      {id === '' && (
        <List
          name={words.views.roles}
          rows={roles}
          keyOf={({ name }) => name}
          textOf={({ name }) => name}
          empty={words.noRoles}
          columns={[
            {
              title: words.name,
              show: ({ name }) => <a href={linkTo('roles', name)}>{name}</a>,
              sortBy: ({ name }) => name,
            },
            { title: words.weight, show: ({ weight }) => weight, sortBy: ({ weight }) => weight },
            {
              title: words.views.frameworks,
              show: ({ frameworks }) => frameworks.length,
              sortBy: ({ frameworks }) => frameworks.length,
            },
            { title: words.guarantee, show: ({ guarantee }) => shown(guarantee) },
            { title: words.limit, show: ({ limit }) => shown(limit) },
            {
              title: words.allocated,
              show: ({ allocated }) => shown(allocated),
              sortBy: ({ allocated }) => allocated['cpus'] ?? 0,
            },
            {
              title: words.offered,
              show: ({ offered }) => shown(offered),
              sortBy: ({ offered }) => offered['cpus'] ?? 0,
            },
            {
              title: words.reserved,
              show: ({ reserved }) => shown(reserved),
              sortBy: ({ reserved }) => reserved['cpus'] ?? 0,
            },
          ]}
        />
      )}
    </>
  );
}

function Role({ role, known }: { readonly role: RoleDetails; readonly known: Known }) {
  const { frameworks } = known.picture;
  return (
    <>
      <h2>{words.roleOf(role.name)}</h2>
      <Facts facts={{ [words.weight]: role.weight, [words.limit]: amountsText(role.limit) || words.noLimit }} />
      <AmountTable
        name={words.resources}
        rows={[
          [words.guarantee, role.guarantee],
          [words.allocated, role.allocated],
          [words.offered, role.offered],
          [words.reserved, role.reserved],
          [words.consumed, role.consumed],
        ]}
      />
      <h3>{words.views.frameworks}</h3>
      {role.frameworks.length === 0 && <p class="quiet">{words.noFrameworkInRole}</p>}
      <ul class="plain">
        {role.frameworks.map((each) => (
          <li key={each}>
            <a href={linkTo('frameworks', each)}>{frameworks.get(each)?.name ?? each}</a>{' '}
            <span class="quiet">{each}</span>
          </li>
        ))}
      </ul>
      <p>
        <a href="#/roles">{words.allOf(words.views.roles)}</a>
      </p>
    </>
  );
}
