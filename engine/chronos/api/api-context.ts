import type { PlainAnswer } from '../../http/http-answer.ts';
import { ApiError, unmet } from '../chronos-error.ts';
import type { ChronosSettings } from '../chronos-options.ts';
import type { Job } from '../jobs/job.ts';
import type { LeaderSession } from '../leadership/leader-session.ts';

/** What the handlers of the API are given. */
export interface ApiContext {
  readonly settings: ChronosSettings;
  /** Only the leader serves these handlers. @throws ApiError 500 when it has just ceased to lead */
  readonly leader: () => LeaderSession;
  readonly ownLeader: () => LeaderSession | undefined;
  /** `host:port` of the leading Chronos. */
  readonly leaderHostPort: () => string | undefined;
}

/** @throws ApiError 400; Chronos says it with one of two words for a job */
export function demandJob(leader: LeaderSession, name: string, word: 'Job' | 'JobSchedule' = 'Job'): Job {
  const job = leader.shared.book.get(name);
  if (job === undefined) throw unmet(`${word} '${name}' not found`);
  return job;
}

/** Answers once what was changed is saved: no content. @throws ApiError 500 when it could not be; it will be later */
export async function savedAnswer({ shared }: LeaderSession): Promise<PlainAnswer> {
  if (await shared.store.flush()) return { status: 204 };
  throw new ApiError(500, 'The change was made, but could not be saved yet: its store does not answer');
}
