import type { DeploymentResult } from '../../../protocol/marathon/deployments.ts';
import type { Json } from '../../../protocol/mesos.ts';
import type { Deployment } from '../deployments/deployment.ts';
import { jsonAnswer, type PlainAnswer } from '../../http/http-answer.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import type { EventBus } from '../event-bus.ts';
import type { Leader } from '../leadership/leader.ts';
import { ApiError } from '../marathon-error.ts';
import type { MarathonSettings } from '../marathon-options.ts';
import type { HttpTally } from './metrics/http-tally.ts';

/** What the handlers of the API are given. */
export interface ApiContext {
  readonly settings: MarathonSettings;
  /** Of this Marathon: `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly events: EventBus;
  readonly http: HttpTally;
  /** Only the leader serves these handlers. @throws ApiError 503 when it has just ceased to lead */
  readonly leader: () => Leader;
  readonly ownLeader: () => Leader | undefined;
  /** `host:port` of the leading Marathon. */
  readonly leaderHostPort: () => string | undefined;
  readonly abdicate: () => void;
}

/** The body as JSON. @throws ApiError 400, HttpError 413, 415 */
export async function readJson(request: HttpRequest): Promise<Json> {
  const text = await request.text();
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new ApiError(400, {
      message: 'Invalid JSON',
      details: error instanceof Error ? error.message : String(error),
    });
  }
}

/** `?force`, `?force=true` in any case (java.lang.Boolean.valueOf). */
export function isFlagSet(request: HttpRequest, name: string, byDefault = false): boolean {
  const value = request.query.get(name);
  if (value === null) return byDefault;
  return value === '' || value.toLowerCase() === 'true';
}

const deploymentHeader = 'Marathon-Deployment-Id';

export const deploymentHeaders = (deployment: Deployment) => ({ [deploymentHeader]: deployment.id });

/** Waits until what was changed is saved. @throws ApiError 503 when it could not be; it will be later */
export async function saved({ shared }: Leader): Promise<void> {
  if (await shared.store.flush()) return;
  throw new ApiError(503, { message: 'The change was made, but could not be saved yet: its store does not answer' });
}

/** Answers once the change is saved. */
export async function deploymentAnswer(
  leader: Leader,
  deployment: Deployment,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Promise<PlainAnswer> {
  await saved(leader);
  const result: DeploymentResult = { version: deployment.version, deploymentId: deployment.id };
  return jsonAnswer(status, result, { ...deploymentHeaders(deployment), ...headers });
}
