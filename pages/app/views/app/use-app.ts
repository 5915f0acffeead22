import { useEffect, useState } from 'preact/hooks';
import type { AppRow } from '../../../picture/tables.ts';
import { whileSeen } from '../../mesos/use-asked.ts';
import { get } from '../../requests.ts';

/** What a health check said is told by no event. */
const again = 3000;
/** So many instances are asked for more seldom. */
const many = 500;

/** Where an app or a pod is in Marathon's API. */
export const pathOf = (id: string, { isPod }: Pick<AppRow, 'isPod'>): string =>
  `${isPod ? '/v2/pods' : '/v2/apps'}${id}`;

/**
 * All that Marathon says of an app, or of a pod: asked for when its row changes, and again and again.
 * @returns the answer of `/v2/apps/ID`, or of `/v2/pods/ID::status`; undefined until there is one
 */
export function useApp(id: string, row: AppRow | undefined): unknown {
  const [answer, setAnswer] = useState<{ readonly id: string; readonly said: unknown }>();
  useEffect(() => {
    if (row === undefined) return undefined;
    return whileSeen(row.running > many ? again * 10 : again, () =>
      get(`/page/marathon${pathOf(id, row)}${row.isPod ? '::status' : ''}`).then(
        (said) => {
          setAnswer({ id, said });
        },
        // What is shown is what was last known; why it is not newer is said above all.
        () => undefined,
      ),
    );
  }, [id, row]);
  return answer?.id === id ? answer.said : undefined;
}

/** Asks Marathon once; again when one of `changed` is another one. */
export function useAnswer(path: string | undefined, ...changed: readonly unknown[]) {
  const [answer, setAnswer] = useState<{ readonly said?: unknown; readonly trouble?: string; readonly path?: string }>(
    {},
  );
  useEffect(() => {
    if (path === undefined) return;
    get(`/page/marathon${path}`).then(
      (said) => {
        setAnswer({ said, path });
      },
      (error: unknown) => {
        setAnswer({ trouble: error instanceof Error ? error.message : String(error), path });
      },
    );
  }, [path, ...changed]);
  return answer.path === path ? answer : {};
}
