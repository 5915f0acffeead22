import { isJsonObject } from '../../../protocol/json.ts';
import type { Json } from '../../../protocol/mesos.ts';
import { javaPattern, PatternError } from '../../framework/java-pattern.ts';
import { ApiError, unmet } from '../chronos-error.ts';
import type { ChronosSettings } from '../chronos-options.ts';
import { parsePeriod } from '../schedule/repeating-schedule.ts';
import type { Constraint, Fetch, Job } from './job.ts';
import { readContainer } from './read-container.ts';
import {
  listOf,
  numberOf,
  objectsOf,
  strictTruthOf,
  textOf,
  textsOf,
  truthOf,
  wholeOf,
  type Fields,
} from './read-fields.ts';

type Defaults = Pick<ChronosSettings, 'user' | 'taskCpus' | 'taskMem' | 'taskDisk'>;

/** jobNamePattern of Chronos, as Java prints it. */
const namePattern = String.raw`([\w\.-]+)`;
/** A task's id has the name in it, and Mesos takes 255 characters of one. */
const longestName = 200;

/** @throws ApiError 400 for a name that cannot be one */
export function checkName(name: string): void {
  if (!/^[\w.-]+$/.test(name)) throw unmet(`the job's name is invalid. Allowed names: '${namePattern}'`);
  if (name.length <= longestName) return;
  throw unmet(
    `the job's name is invalid: it has ${name.length} characters, and at most ${longestName} leave room for the rest of a task's id in Mesos`,
  );
}

/**
 * A job as Chronos reads it, with defaults for what is left out; one with neither parents nor a schedule is run once, now.
 * @throws ApiError 400 for what is no job
 */
export function readJob(value: Json, defaults: Defaults, now: number): Job {
  if (!isJsonObject(value)) throw new ApiError(400, 'A job must be a JSON object');
  const common = readCommon(value, defaults);
  const { parents, schedule, scheduleTimeZone, epsilon } = value;
  if (parents !== undefined) return { ...common, parents: [...new Set(textsOf(parents))] };
  const given = textOf(epsilon);
  if (given !== '' && parsePeriod(given) === undefined) throw new ApiError(400, `Cannot parse epsilon '${given}'`);
  return {
    ...common,
    schedule: schedule === undefined ? `R1/${new Date(now).toISOString()}/PT24H` : textOf(schedule),
    scheduleTimeZone: textOf(scheduleTimeZone),
    ...(given !== '' && { epsilon: given }),
  };
}

/** Fields that not every job has. */
const sometimes: ReadonlySet<string> = new Set([
  ...['parents', 'schedule', 'scheduleTimeZone', 'epsilon', 'container', 'dataJob'],
]);

/** What was given and is no field of a job: Chronos takes no notice of it. */
export const unknownFields = (value: Json, job: Job): readonly string[] =>
  isJsonObject(value) ? Object.keys(value).filter((name) => !sometimes.has(name) && !Object.hasOwn(job, name)) : [];

function readCommon(fields: Fields, defaults: Defaults) {
  const text = (name: string) => textOf(fields[name]);
  const flag = (name: string, byDefault = false) => truthOf(fields[name], byDefault);
  const count = (name: string, byDefault = 0) => Math.max(0, wholeOf(fields[name], byDefault));
  const resource = (name: string, byDefault: number) => {
    const amount = numberOf(fields[name], byDefault);
    return amount > 0 ? amount : byDefault;
  };
  const container = readContainer(fields['container']);
  return {
    name: text('name'),
    command: text('command'),
    shell: flag('shell', true),
    executor: text('executor'),
    executorFlags: text('executorFlags'),
    taskInfoData: text('taskInfoData'),
    retries: count('retries', 2),
    owner: text('owner'),
    ownerName: text('ownerName'),
    description: text('description'),
    async: strictTruthOf(fields['async'], 'async'),
    successCount: count('successCount'),
    errorCount: count('errorCount'),
    lastSuccess: text('lastSuccess'),
    lastError: text('lastError'),
    errorsSinceLastSuccess: count('errorsSinceLastSuccess'),
    cpus: resource('cpus', defaults.taskCpus),
    disk: resource('disk', defaults.taskDisk),
    mem: resource('mem', defaults.taskMem),
    disabled: flag('disabled'),
    softError: flag('softError'),
    // The latter is its name in docs/api.md.
    dataProcessingJobType: flag('dataProcessingJobType', flag('dataJob')),
    fetch: objectsOf(fields['fetch'], 'fetch').map(readFetch),
    uris: textsOf(fields['uris']),
    environmentVariables: objectsOf(fields['environmentVariables'], 'environmentVariables').map((each) => ({
      name: textOf(each['name']),
      value: textOf(each['value']),
    })),
    arguments: textsOf(fields['arguments']),
    highPriority: flag('highPriority'),
    runAsUser: textOf(fields['runAsUser'], defaults.user),
    concurrent: flag('concurrent'),
    maxCompletionTime: count('maxCompletionTime'),
    ...(container !== undefined && { container }),
    constraints: listOf(fields['constraints']).flatMap(readConstraint),
  };
}

const readFetch = (each: Fields): Fetch => ({
  uri: textOf(each['uri']),
  output_file: textOf(each['output_file']),
  executable: truthOf(each['executable'], false),
  cache: truthOf(each['cache'], false),
  extract: truthOf(each['extract'], true),
});

/** @throws ApiError 400 for an operator that there is not, which Chronos passes over, and for a pattern that is none */
function readConstraint(value: Json): readonly Constraint[] {
  const [attribute = '', operator = '', operand = ''] = textsOf(value);
  if (operator !== 'EQUALS' && operator !== 'LIKE' && operator !== 'UNLIKE') {
    throw new ApiError(400, `constraints: ${JSON.stringify(value)} has no operator of EQUALS, LIKE, UNLIKE`);
  }
  try {
    if (operator !== 'EQUALS') javaPattern(operand);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new ApiError(400, `java.util.regex.PatternSyntaxException: ${error.message}: '${operand}'`);
  }
  return [[attribute, operator, operand]];
}
