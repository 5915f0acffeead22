import type { AppRow } from '../../../picture/tables.ts';
import type { Known } from '../../connection.ts';
import { shareDone } from '../../marathon/deployment-steps.ts';
import { linkTo } from '../../route.ts';
import { words } from '../../words.ts';

/** What is changing an app now. */
export const AppDeployments = ({ known, row }: { readonly known: Known; readonly row: AppRow }) => (
  <>
    {row.deployments.map((id) => {
      const deployment = known.picture.deployments.get(id);
      if (deployment === undefined) return null;
      const { step, steps, actions } = deployment;
      return (
        <p class="note" key={id}>
          {words.deploying}, {words.deployment(step, steps)}: {actions.slice(0, mostActions).join(', ')}{' '}
          <progress value={shareDone(deployment, known.picture.apps)} aria-label={words.deployment(step, steps)} />{' '}
          <a href={linkTo('deployments', id)}>{words.ofApps.itsDeployment}</a>
        </p>
      );
    })}
  </>
);

const mostActions = 3;
