import * as z from 'zod';
import { strategyNames } from '../catalogue/strategy-names.ts';
import { drillNames } from '../catalogue/drill-names.ts';
import { agentName, answerer, appId, count, file, partNames, path } from './value-shapes.ts';

const deploy = z.union([z.string(), z.record(z.string(), z.unknown())]).meta({
  description:
    'Starts or changes an app, a pod, a group or a job of Chronos: a JSON file of the lesson, or what would be in one.',
  examples: ['files/nginx.json', { id: '/learn/sleeper', cmd: 'sleep 1000', cpus: 0.1, mem: 32 }],
});

const scale = z
  .strictObject({ app: appId, instances: count('How many instances there shall be.') })
  .meta({ description: 'Changes how many instances of an app there are.' });

const remove = appId.meta({ description: 'Removes an app, a pod or a group.' });

const killTask = z
  .strictObject({ app: appId, count: count('How many; 1 unless something is said.').optional() })
  .meta({ description: 'Kills tasks of an app through Marathon, which starts others for them.' });

const rollback = appId.meta({
  description: 'Ends the deployment that changes this app, and goes back to what was before it.',
});

const newVersion = z
  .strictObject({
    file: file('Of an app.', ['files/shop-2.json']),
    strategy: z.enum(strategyNames).meta({ description: 'How.' }),
    share: z
      .string()
      .optional()
      .meta({
        default: '1',
        description: 'Of a canary: a number of instances, or a part of them.',
        examples: ['1', '25%'],
      }),
    watchFor: count('Of a canary: for how many seconds it has to be well; 60 unless something is said.').optional(),
    goesBack: z
      .literal(true)
      .optional()
      .meta({ description: 'It is not well: it is done when the version before has all requests again.' }),
  })
  .meta({ description: 'Brings in a new version of an app, as `deploy --strategy` does.' });

const load = z
  .strictObject({
    app: appId,
    rate: z.int().min(1).max(1000).meta({ description: 'Requests a second.' }),
    seconds: z.int().min(1).max(600).meta({ description: 'For how long.' }),
  })
  .meta({
    description: 'Sends requests to an app through the load balancer, as `load` does, and waits for their answers.',
  });

const acting = (what: string) => partNames.meta({ description: `${what} Not on clusters of other people.` });

const drain = agentName.meta({ description: 'Drains an agent through the leading master.' });
const reactivate = agentName.meta({ description: 'Takes an agent that was drained back.' });

const drill = z
  .enum(drillNames)
  .meta({ description: 'Runs a drill, and heals what it broke. Not on clusters of other people.' });

const run = z.strictObject({ file: file('A program in JavaScript.', ['solution/framework.js']) }).meta({
  description:
    'Runs a program of the lesson with Node.js until it ends. Its environment has MESOS_MASTER and MARATHON, the URLs of those that lead, and CHRONOS, MESOS_DNS and REGISTRY where the lab has them.',
});

const call = z
  .strictObject({
    of: answerer,
    method: z.enum(['POST', 'PUT', 'DELETE']).meta({ description: 'How.' }),
    path,
    body: z.unknown().optional().meta({ description: 'What is sent, as JSON.' }),
  })
  .meta({
    description: 'Asks an API to do something: for what no other step does. What it changes `cleanup` changes back.',
  });

/** What a lesson does, by the name of the step. */
export const actionShapes = {
  ...{ deploy, scale, remove, 'kill-task': killTask, rollback, 'new-version': newVersion, load },
  stop: acting('Stops parts of the lab.'),
  kill: acting('Ends parts at once, as `kill -9` does.'),
  pause: acting('Lets parts stand still, with their connections open.'),
  partition: acting('Cuts agents off from the masters.'),
  heal: acting('Undoes `partition`.'),
  start: acting('Starts what was stopped, killed, paused or cut off, and waits for it.'),
  ...{ drain, reactivate, drill, run, call },
} as const;
