import type { Command } from './command.ts';
import { composeVerb } from './commands/compose-verbs.ts';
import { doctor } from './commands/doctor.ts';
import { explain } from './commands/explain.ts';
import { generate } from './commands/generate.ts';
import { help, version } from './commands/help.ts';
import { plan } from './commands/plan.ts';
import { reserved } from './commands/reserved.ts';
import { schema } from './commands/schema.ts';
import type { Verb } from './verbs.ts';

/** What every verb but `create` does. */
export const otherCommands: Readonly<Record<Exclude<Verb, 'create'>, Command>> = {
  generate,
  plan,
  explain,
  up: composeVerb('up'),
  down: composeVerb('down'),
  status: composeVerb('status'),
  logs: composeVerb('logs'),
  doctor,
  verify: reserved,
  deploy: reserved,
  schema,
  help,
  version,
};
