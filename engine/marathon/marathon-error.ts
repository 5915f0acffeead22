import type { Violation } from '../../protocol/app-schema/check-value.ts';
import type { MarathonError } from '../../protocol/marathon.ts';

/** Thrown anywhere below the API, it becomes the answer (MarathonExceptionMapper of Marathon). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly body: MarathonError;

  constructor(status: number, body: MarathonError) {
    super(body.message);
    this.status = status;
    this.body = body;
  }
}

/** What is wrong at a place of a definition whose types are right. */
export type BrokenRule = Pick<Violation, 'path' | 'error'>;

/** Nothing when a rule is kept. */
export const rule = (isKept: boolean, path: string, error: string): readonly BrokenRule[] =>
  isKept ? [] : [{ path, error }];

/** Groups complaints by their place, as Marathon's `details`. */
function detailsOf(problems: readonly BrokenRule[]) {
  const byPath = new Map<string, Set<string>>();
  for (const { path, error } of problems) byPath.set(path, (byPath.get(path) ?? new Set()).add(error));
  return [...byPath].map(([path, errors]) => ({ path, errors: [...errors] }));
}

/** 422: everything has the right type, but some of it cannot be. */
export function notValid(problems: readonly BrokenRule[]): ApiError {
  return new ApiError(422, { message: 'Object is not valid', details: detailsOf(problems) });
}

/**
 * Throws for violations of the schema: 400 when a type is wrong (as the published API says), 422 when a value is.
 * @param prefix in front of each path: `(1)` for the second app of a list
 */
export function throwViolations(violations: readonly Violation[], prefix = ''): void {
  if (violations.length === 0) return;
  const problems = violations.map(({ path, error, isTypeError }) => ({ path: `${prefix}${path}`, error, isTypeError }));
  const typeErrors = problems.filter((problem) => problem.isTypeError);
  if (typeErrors.length === 0) throw notValid(problems);
  throw new ApiError(400, { message: 'Invalid JSON', details: detailsOf(typeErrors) });
}

export const unknownApp = (id: string, version?: string) =>
  new ApiError(404, {
    message: `App '${id}' does not exist${version === undefined ? '' : ` in version ${version}`}`,
  });
export const unknownPod = (id: string, version?: string) =>
  new ApiError(404, {
    message: `Pod '${id}' does not exist${version === undefined ? '' : ` in version ${version}`}`,
  });
export const unknownGroup = (id: string) => new ApiError(404, { message: `Group '${id}' does not exist` });
export const unknownTask = (id: string) => new ApiError(404, { message: `Task '${id}' does not exist` });

/** 409: some deployment holds the app. */
export const appLocked = (deploymentIds: readonly string[]) =>
  new ApiError(409, {
    message:
      'App is locked by one or more deployments. ' +
      "Override with the option '?force=true'. " +
      "View details at '/v2/deployments/<DEPLOYMENT_ID>'.",
    deployments: deploymentIds.map((id) => ({ id })),
  });
