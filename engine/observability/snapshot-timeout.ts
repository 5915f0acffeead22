import { durationMs, durationProblem } from '../../protocol/duration-units.ts';
import { HttpError } from '../http/http-answer.ts';
import type { HttpRequest } from '../http/http-request.ts';

/**
 * `/metrics/snapshot?timeout=1secs`: how long metrics that take time may take. Here all are there at once, so any will do
 * that is a duration (3rdparty/libprocess/src/metrics/metrics.cpp). @throws HttpError 400
 */
export function checkTimeout({ query }: HttpRequest): void {
  const timeout = query.get('timeout');
  if (timeout === null || durationMs(timeout) !== undefined) return;
  throw new HttpError(400, `Invalid timeout '${timeout}': ${durationProblem(timeout)}.\n`);
}
