import { UserError } from '../../errors/user-error.ts';
import { textsAt } from '../../protocol/json.ts';
import { groupLabels, groupOf } from '../../protocol/marathon/deployment-group.ts';
import type { AppDefinition } from '../apps/app-files.ts';
import { byAge, nameOf } from './deployment-group.ts';
import type { RunningApp } from './running-app.ts';

/**
 * The colours of an app that run: none, one, or two of a deploy that is not over, the older one first.
 * @throws UserError when the label does not stand for one app in two colours
 */
export function membersOf(app: AppDefinition, all: readonly RunningApp[]): readonly RunningApp[] {
  const group = groupOf(textsAt(app.definition, 'labels'));
  const members = byAge(all.filter(({ labels }) => groupOf(labels) === group));
  const colours = [app.id, `${app.id}-blue`, `${app.id}-green`];
  const stranger = members.find(({ id }) => !colours.includes(id));
  if (stranger !== undefined || members.length > 2) {
    throw refusal(app, `the deployment group ${group ?? ''} is not of ${app.id} alone`, {
      found: members.map(({ id }) => id).join(', '),
      allowed: `an app ${app.id}, ${app.id}-blue or ${app.id}-green, and one more of these while it is deployed`,
      fix: `give ${app.id} a group of its own in its label ${groupLabels.group}, or remove what is not of it`,
    });
  }
  const outside = all.find(({ id }) => colours.includes(id) && !members.some((member) => member.id === id));
  if (outside !== undefined) {
    throw refusal(
      app,
      `${outside.id} runs without the label ${groupLabels.group}, so the load balancer does not take it for one of two versions`,
      {
        found: `${groupLabels.group} ${outside.labels[groupLabels.group] ?? 'is not there'}`,
        fix: `deploy what runs now once more, with --strategy rolling and the labels of ${app.file}, and then this`,
      },
    );
  }
  return members;
}

/** @throws UserError USAGE_APP_FILE where an app runs as one of two colours: it would be there twice */
export function refuseBesideColour(app: AppDefinition, all: readonly RunningApp[]): void {
  const colour = all.find((each) => each.id !== app.id && nameOf(each) === app.id);
  if (colour === undefined) return;
  throw refusal(app, `${app.id} runs as ${colour.id}, beside which it would be there twice`, {
    found: `${colour.instances} instances of ${colour.id}`,
    fix: `deploy it with --strategy blue-green, or remove ${colour.id} first`,
  });
}

/** The error for a deploy that was broken off, of another definition than this one. */
export function unfinished({ id, file }: AppDefinition, old: RunningApp, young: RunningApp): UserError {
  return new UserError({
    code: 'DEPLOYMENT_IN_PROGRESS',
    message: `another deploy of ${id} is not over: ${young.id} comes in the place of ${old.id}, and not from what is in ${file} now`,
    place: { kind: 'path', path: file },
    found: `${old.instances} instances of ${old.id}, ${young.instances} of ${young.id}`,
    fix: `create-mesos-cluster rollback ${nameOf(young) ?? young.id} undoes it; its own file with --strategy goes on with it`,
  });
}

/** The error for an app that Marathon is at work on. */
export function inProgress({ file }: AppDefinition, { id }: RunningApp): UserError {
  return new UserError({
    code: 'DEPLOYMENT_IN_PROGRESS',
    message: `a deployment of ${id} is in progress`,
    place: { kind: 'path', path: file },
    fix: 'wait for it (npm run status), or repeat with --force',
  });
}

function refusal({ file }: AppDefinition, message: string, more: { found: string; allowed?: string; fix: string }) {
  return new UserError({ code: 'USAGE_APP_FILE', message, place: { kind: 'path', path: file }, ...more });
}
