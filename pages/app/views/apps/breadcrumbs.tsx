import { isGroupId } from '../../marathon/groups.ts';
import { linkTo } from '../../route.ts';
import { words } from '../../words.ts';

/** Where an app or a group is: each group above it is a way there. */
export function Breadcrumbs({ id }: { readonly id: string }) {
  const names = id.split('/').filter((name) => name !== '');
  return (
    <nav class="crumbs" aria-label={words.ofApps.where}>
      <ol>
        <li>
          <a href="#/apps">{words.views.apps}</a>
        </li>
        {names.map((name, index) => {
          const isLast = index === names.length - 1;
          const path = `/${names.slice(0, index + 1).join('/')}`;
          return (
            <li key={path}>
              <a
                href={linkTo('apps', isLast && !isGroupId(id) ? path : `${path}/`)}
                aria-current={isLast ? 'page' : undefined}
              >
                {name}
              </a>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
