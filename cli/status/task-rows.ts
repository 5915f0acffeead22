import { listAt, numberAt, textAt } from '../../protocol/json.ts';

/** A task of an app or a pod, as `status` shows it. */
export interface TaskStatusRow {
  readonly id: string;
  readonly state: string;
  readonly host: string;
  readonly ports: readonly number[];
}

/** @param answer `GET /v2/tasks`, which has none of pods */
export function appTaskRows(answer: unknown): readonly TaskStatusRow[] {
  return listAt(answer, 'tasks').map((task) => ({
    id: textAt(task, 'id') ?? '',
    state: textAt(task, 'state') ?? '',
    host: textAt(task, 'host') ?? '',
    ports: listAt(task, 'ports').filter((port) => typeof port === 'number'),
  }));
}

/**
 * The task of each container of each pod.
 * @param answer `GET /v2/pods/::status`
 */
export function podTaskRows(answer: unknown): readonly TaskStatusRow[] {
  return listAt(answer)
    .flatMap((pod) => listAt(pod, 'instances'))
    .flatMap((instance) =>
      listAt(instance, 'containers').map((container) => ({
        id: textAt(container, 'containerId') ?? '',
        state: textAt(container, 'status') ?? '',
        host: textAt(instance, 'agentHostname') ?? '',
        ports: listAt(container, 'endpoints').flatMap((endpoint) => numberAt(endpoint, 'allocatedHostPort') ?? []),
      })),
    );
}
