import type { Command } from './command.ts';
import { adopt } from '../commands/adopt.ts';
import { daemon } from '../commands/internal/daemon.ts';
import { deploy } from '../commands/deploy.ts';
import { doctor } from '../commands/doctor.ts';
import { down } from '../commands/down.ts';
import { drill } from '../commands/drill.ts';
import { exec } from '../commands/exec.ts';
import { explain } from '../commands/explain.ts';
import { fixture } from '../commands/internal/fixture.ts';
import { generate } from '../commands/generate.ts';
import { help, version, schema } from '../commands/help.ts';
import { images } from '../commands/images.ts';
import { learn } from '../commands/learn.ts';
import { list } from '../commands/list.ts';
import { load } from '../commands/load.ts';
import { logs } from '../commands/logs.ts';
import { page } from '../commands/page.ts';
import { plan } from '../commands/plan.ts';
import { rollback } from '../commands/rollback.ts';
import { scale } from '../commands/scale.ts';
import { ssh } from '../commands/ssh.ts';
import { heal, kill, partition, pause, start, stop } from '../commands/stop.ts';
import { status } from '../commands/status.ts';
import { up } from '../commands/up.ts';
import { verify } from '../commands/verify.ts';
import type { Verb } from './verbs.ts';

/** What every verb but `create` does. */
export const otherCommands: Readonly<Record<Exclude<Verb, 'create'>, Command>> = {
  generate,
  plan,
  explain,
  adopt,
  up,
  down,
  stop,
  kill,
  pause,
  partition,
  heal,
  start,
  status,
  page,
  verify,
  drill,
  logs,
  exec,
  ssh,
  deploy,
  scale,
  load,
  rollback,
  list,
  images,
  learn,
  doctor,
  schema,
  help,
  version,
  __daemon: daemon,
  __fixture: fixture,
};
