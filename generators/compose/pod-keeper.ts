import type { Plan } from '../../planning/plan/plan.ts';
import { entry, flow, list } from '../text/yaml-text.ts';
import {
  commandEntry,
  commonEntries,
  dockerSocket,
  imageEntries,
  withoutEngineData,
  type ComposeService,
} from './compose-service.ts';
import { labLabel, roleLabel } from '../../protocol/lab-labels.ts';

const service = 'pod-keeper';

/** The Docker client, twice at most. */
const memoryMb = 128;

/** Of what ended, what Docker could not start has an error; what a person stopped has none. `$1` is the lab. */
const script = [
  '# Docker tries once to start a container whose network another one has, even before that one runs: after its own',
  '# restart, for example. This starts it when that one runs.',
  `of_lab=label=${labLabel}=$1`,
  'start_rest() {',
  `  for name in $(docker ps --all --filter "$of_lab" --filter status=exited --format '{{.Names}}'); do`,
  `    [ -z "$(docker inspect --format '{{.State.Error}}' "$name")" ] || docker start "$name"`,
  '  done',
  '}',
  'while :; do',
  '  {',
  '    echo',
  `    docker events --filter "$of_lab" --filter label=${roleLabel}=node --filter event=start --format '{{.ID}}'`,
  '  } | while read -r _; do sleep 1; start_rest; done',
  '  sleep 5',
  'done',
].join('\n');

/**
 * Starts what Docker leaves of a pod when it starts all of it at once, as after its own restart: it takes any order, and
 * a container that comes before the one whose network it joins is not tried again (moby/moby#11777, #50326). Only the
 * Engine can start containers, so this one has its socket, and nothing else: no network, no capability, and no input.
 */
export const podKeeper = ({ name, engine }: Plan): ComposeService => ({
  name: service,
  volumes: [],
  body: [
    ...imageEntries({ ...engine.image, entrypoint: ['sh', '-c', script, service] }, false),
    commandEntry([name]),
    entry('init', true),
    entry('network_mode', 'none'),
    entry('read_only', true),
    entry('cap_drop', flow(['ALL'])),
    entry('security_opt', flow(['no-new-privileges:true'])),
    entry('volumes', list([dockerSocket]), 'Nothing but the Engine can start containers.'),
    withoutEngineData(false),
    ...commonEntries(service, service, memoryMb),
  ],
});
