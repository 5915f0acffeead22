import { durationProblem, durationMs } from '../../protocol/duration-units.ts';
import { numberAt } from '../../protocol/json.ts';
import type { Json } from '../../protocol/mesos.ts';
import { HttpError, textAnswer, type HttpAnswer } from '../http/http-answer.ts';
import type { HttpRequest } from '../http/http-request.ts';
import type { LogLevel } from './log-level.ts';

/** `/logging/toggle?level=1&duration=5mins` (3rdparty/libprocess/src/logging.cpp, with its texts). @throws HttpError 400 */
export function toggleLogging(logLevel: LogLevel, { query }: HttpRequest): HttpAnswer {
  const [level, duration] = [query.get('level'), query.get('duration')];
  if (level === null && duration === null) return textAnswer(200, `${logLevel.level}\n`);
  if (duration === null) throw new HttpError(400, "Expecting 'duration=value' in query.\n");
  if (level === null) throw new HttpError(400, "Expecting 'level=value' in query.\n");
  if (!/^-?\d+$/.test(level)) throw new HttpError(400, `Failed to convert '${level}' to number.\n`);
  if (Number(level) < 0) throw new HttpError(400, `Invalid level '${level}'.\n`);
  const ms = durationMs(duration);
  if (ms === undefined) throw new HttpError(400, `${durationProblem(duration)}.\n`);
  logLevel.raise(Number(level), ms);
  return { status: 200 };
}

/** SET_LOGGING_LEVEL of the operator APIs: any level and any duration will do. */
export function setLoggingLevel(logLevel: LogLevel, change: Json): HttpAnswer {
  logLevel.raise(numberAt(change, 'level') ?? 0, (numberAt(change, 'duration', 'nanoseconds') ?? 0) / 1e6);
  return { status: 200 };
}
