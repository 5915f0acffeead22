import { isJsonObject, listAt, type JsonObject } from '../../protocol/json.ts';
import type { Json } from '../../protocol/mesos.ts';

/**
 * What Marathon says of an app or a group in its answers, and takes in no request, or ignores there (AppInfo and
 * GroupInfo of its RAML; AppUpdate takes `version` only alone).
 */
const answerFields: ReadonlySet<string> = new Set([
  'deployments',
  'lastTaskFailure',
  'readinessCheckResults',
  'taskStats',
  'tasks',
  'tasksHealthy',
  'tasksRunning',
  'tasksStaged',
  'tasksUnhealthy',
  'version',
  'versionInfo',
]);

/** A definition out of an answer; one that is none stays as it is. */
export function withoutAnswerFields(definition: JsonObject): JsonObject {
  // Of `fetch`, in older words; both are answered, and a request may have only one.
  const twice = 'fetch' in definition ? ['uris'] : [];
  const kept = Object.entries(definition).filter(([name]) => !answerFields.has(name) && !twice.includes(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, inGroup(name, value)]));
}

function inGroup(name: string, value: Json): Json {
  if ((name !== 'apps' && name !== 'groups') || !Array.isArray(value)) return value;
  return (value as readonly Json[]).map((each) => (isJsonObject(each) ? withoutAnswerFields(each) : each));
}

/** What Chronos tells of a job's runs when it answers; in a request it would make a history. */
const history: ReadonlySet<string> = new Set([
  'errorCount',
  'errorsSinceLastSuccess',
  'lastError',
  'lastSuccess',
  'successCount',
]);

/** A job out of an answer; one that is none stays as it is. */
export function withoutJobHistory(job: JsonObject): JsonObject {
  // The list has what is fetched in both words, and a request may have only one (JobManagementResource.list).
  const twice = listAt(job, 'fetch').length > 0 ? ['uris'] : [];
  return Object.fromEntries(Object.entries(job).filter(([name]) => !history.has(name) && !twice.includes(name)));
}
