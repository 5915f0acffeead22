import { UserError } from '../../errors/user-error.ts';
import type { DaemonMessage } from '../../platform/processes/daemon.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { listenersOf, type EmbeddedCluster } from './embedded-cluster.ts';
import type { UpWith } from '../port-moves.ts';
import { fixFor, holderOf, portProblem, type PortQuestions } from './ports/taken-ports.ts';

interface Circumstances {
  readonly cluster: EmbeddedCluster;
  /** What the process itself wrote. */
  readonly log: string;
  readonly world: PortQuestions;
  readonly deadlineMs: number;
  /** As in StartOptions. */
  readonly upWith: UpWith | undefined;
}

/** Why the process of a lab did not come up, from its first message; undefined: it ended without one. */
export async function startFailure(
  plan: Plan,
  message: DaemonMessage | undefined,
  about: Circumstances,
): Promise<UserError> {
  const { cluster, log, world, deadlineMs, upWith } = about;
  const words = log.trim().split('\n').slice(0, 12).join('\n          ');
  switch (message?.kind) {
    case 'interrupted':
      return new UserError({ code: 'INTERRUPTED', message: 'Interrupted: nothing of the lab runs' });
    case 'cannot-listen': {
      const [port, host] = [Number(message['port']), String(message['host'])];
      const listener = listenersOf(cluster).find((each) => each.port === port) ?? { id: 'the lab', host, port };
      const holder = await holderOf(listener, String(message['code']), world);
      const fix = await fixFor(plan, cluster, [listener], world, upWith);
      return new UserError(portProblem([listener], holder, [], fix));
    }
    case 'late':
      return new UserError({
        code: 'NOT_READY',
        message: `the lab's process has not started everything within ${deadlineMs / 1000} s; nothing of it runs any more`,
        ...(words === '' ? {} : { found: words }),
      });
    default: {
      const reason = message === undefined ? 'ended at once' : String(message['message']);
      return new UserError({
        code: 'COMMAND_FAILED',
        message: `the lab's process could not start: ${reason}; nothing of it runs`,
        ...(words === '' ? {} : { found: words }),
        fix: 'this is likely a bug of ours: please report it with the lines above',
      });
    }
  }
}
