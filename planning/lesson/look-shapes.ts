import * as z from 'zod';
import { agentName, answerer, appId, contained, count, path, text } from './value-shapes.ts';

const app = z
  .strictObject({
    id: appId,
    absent: z.literal(true).optional().meta({ description: 'There is no such app; nothing else is looked at.' }),
    instances: count('How many instances Marathon is asked for.').optional(),
    running: count('How many of its tasks run.').optional(),
    healthy: count('How many of them pass every health check.').optional(),
    unhealthy: count('How many of them fail one.').optional(),
    versions: count('How many configurations of it Marathon knows, at least.').optional(),
    deploying: z.boolean().optional().meta({ description: 'Whether a deployment that changes it goes on.' }),
    has: contained.optional(),
  })
  .meta({ description: 'An app or a pod, as Marathon has it. Without anything but the `id`: it is there.' });

const task = z
  .strictObject({
    app: appId,
    state: text('Mesos’s word for its state; of one that has ended: since the lesson was started.', [
      'TASK_RUNNING',
      'TASK_KILLED',
      'TASK_FAILED',
      'TASK_UNREACHABLE',
    ]).optional(),
    count: count('How many there are.').optional(),
    atLeast: count('How many there are at least; 1 unless something is said.').optional(),
    agents: count('On how many different agents they are.').optional(),
    agent: agentName.optional(),
    attribute: text('Every one is on an agent with this attribute.', ['rack:r1']).optional(),
    apart: text('No two of them are on agents with the same value of this attribute.', ['rack']).optional(),
  })
  .meta({ description: 'Tasks of an app, as the leading master shows them; those that run unless `state` is given.' });

const request = z
  .strictObject({
    app: appId.optional(),
    servicePort: z.int().min(1).max(65_535).optional().meta({
      description:
        'Another service port than the first of an app, as Marathon names it; it is asked where the lab publishes it.',
    }),
    path: path.optional(),
    host: text('The name in the header `Host`, for virtual hosts: their port is asked.').optional(),
    status: z.int().min(100).max(599).optional().meta({ default: 200, description: 'Of the answer.' }),
    contains: text('A text in the answer.').optional(),
    reaches: count('How many different instances answer, by the statistics of the load balancer.').optional(),
  })
  .meta({ description: 'What the load balancer answers; one of `app` and `servicePort`.' });

const file = z
  .strictObject({
    app: appId,
    path: z.string().optional().meta({ default: 'stdout', description: 'A file in the sandbox.' }),
    contains: text('A text in it.'),
  })
  .meta({
    description: 'A file in the sandbox of a task of an app, one that runs or that ended since the lesson was started.',
  });

const queue = z
  .strictObject({
    app: appId,
    reason: text('Why offers are declined, in Marathon’s word.', [
      'InsufficientCpus',
      'UnfulfilledConstraint',
    ]).optional(),
  })
  .meta({ description: 'An app that waits for offers, in Marathon’s launch queue.' });

const agents = z
  .strictObject({ active: count('How many there are.') })
  .meta({ description: 'Agents that the leading master counts as active.' });

const agent = z
  .strictObject({
    name: agentName,
    state: z
      .enum(['active', 'inactive', 'unreachable', 'draining', 'drained'])
      .meta({ description: 'What the leading master says of it.' }),
  })
  .meta({ description: 'One agent.' });

const leader = z
  .strictObject({
    of: z.enum(['mesos-master', 'marathon']).meta({ description: 'Who is led.' }),
    changed: z.literal(true).optional().meta({ description: 'It is another one than when the lesson was started.' }),
    none: z.literal(true).optional().meta({ description: 'Nobody leads.' }),
  })
  .meta({ description: 'Who leads. Without anything but `of`: somebody does.' });

const part = z
  .strictObject({
    name: text('Name of a component, as `status` shows it.', ['master1']),
    state: z
      .enum(['running', 'stopped', 'killed', 'paused', 'partitioned'])
      .meta({ description: 'What was done to it.' }),
  })
  .meta({ description: 'A part of the lab. Not on clusters of other people.' });

const framework = z
  .strictObject({
    name: text('Its name.', ['marathon']),
    active: z.boolean().optional().meta({ description: 'Whether it is connected.' }),
    running: count('How many of its tasks run.').optional(),
    finished: count('How many of its tasks have finished since the lesson was started, at least.').optional(),
  })
  .meta({ description: 'A framework that the leading master knows, also one that has ended.' });

const job = z
  .strictObject({
    name: text('Its name; those of lessons begin with `learn-`.', ['learn-backup']),
    succeeded: count('How many runs have succeeded, at least.').optional(),
    failed: count('How many runs have failed, at least.').optional(),
    has: contained.optional(),
  })
  .meta({ description: 'A job of Chronos.' });

const dns = z
  .strictObject({
    name: text('A name, without a full stop at the end.', [
      'web.learn.marathon.mesos',
      '_web.learn._tcp.marathon.mesos',
    ]),
    answers: count('How many answers there are at least; 1 unless something is said.').optional(),
  })
  .meta({ description: 'What Mesos-DNS answers: addresses, and of a name that begins with `_` services.' });

const metric = z
  .strictObject({
    of: answerer.optional().meta({ default: 'mesos-master' }),
    name: text(
      'Its name in `/metrics/snapshot`, or in Marathon’s `/metrics`; of `metrics` and `autoscaler` as Prometheus has it: all that have these labels are added up.',
      ['master/tasks_running', 'marathon_app_instances{app="/learn/web"}'],
    ),
    equals: z.number().optional().meta({ description: 'Its value.' }),
    atLeast: z.number().optional().meta({ description: 'Its value, at least.' }),
    atMost: z.number().optional().meta({ description: 'Its value, at most.' }),
    grownBy: z
      .number()
      .optional()
      .meta({ description: 'How much it has grown since the lesson was started, at least.' }),
  })
  .meta({ description: 'A metric.' });

const api = z
  .strictObject({
    of: answerer,
    path,
    status: z.int().min(100).max(599).optional().meta({ default: 200, description: 'Of the answer.' }),
    has: contained.optional(),
  })
  .meta({ description: 'Whatever an API answers to GET: for what no other step looks at.' });

const explain = z
  .strictObject({
    setting: text('A name that `explain` knows.', ['MESOS_QUORUM']),
    equals: text('Its value. Numbers are in quotes.', ['2']),
  })
  .meta({ description: 'A setting of the lab, as its plan has it.' });

const answer = z
  .strictObject({
    question: text('What is asked.'),
    choices: z.array(z.string()).optional().meta({
      description:
        'What can be chosen, by `learn answer a`, `b` and so on. Without it a word or a number is asked for.',
    }),
    right: text('The right choice, or what is right: upper and lower case are the same.').optional(),
    setting: text('What is right is the value of this setting, as `explain` has it for this lab.', [
      'MESOS_QUORUM',
    ]).optional(),
  })
  .meta({ description: 'A question; one of `right` and `setting`. It has no solution: that is the answer.' });

/** What a lesson looks at, by the name of the step. */
export const lookShapes = {
  ...{ app, task, request, file, queue, agents, agent, leader, part },
  ...{ framework, job, dns, metric, api, explain, answer },
} as const;
