import { HttpError, jsonAnswer, type HttpAnswer } from '../../http/http-answer.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { listAt, valueAt, type JsonObject } from '../../../protocol/json.ts';
import { removeAgent } from '../agents/lose-agent.ts';
import type { MachineId, MaintenanceWindow, Registry } from '../registry/registry.ts';
import { rescindOffer, type Term } from '../term.ts';
import { machineId, maintenanceSchedule } from '../wire/messages/operator-call.ts';
import type { Message } from '../wire/protobuf-json.ts';
import { readJsonBody } from '../wire/read-json-body.ts';
import { machineKey, machineOf } from './machine-id.ts';
import {
  changeSchedule,
  drainingMachines,
  startMaintenance,
  stopMaintenance,
  unavailabilities,
  type Change,
} from './schedule.ts';

const ok: HttpAnswer = { status: 200 };

/** @throws HttpError 400 */
function accepted(change: Change): Registry {
  if ('refusal' in change) throw new HttpError(400, change.refusal);
  return change;
}

const knownMachines =
  ({ cluster }: Term) =>
  (id: MachineId): boolean =>
    cluster.machines.has(machineKey(id));

/** As there, all agents' offers are taken back: of those that will be away they say so when they come again. */
async function schedule(term: Term, windows: readonly MaintenanceWindow[]): Promise<HttpAnswer> {
  const { registrar, cluster, inverseOffers, allocator } = term;
  await registrar.update('update the maintenance schedule', (registry) => accepted(changeSchedule(registry, windows)));
  const scheduled = unavailabilities(registrar.registry);
  for (const key of scheduled.keys()) cluster.machines.add(key);
  const agents = [...cluster.agents.values()].map((agent) => ({
    agent,
    unavailability: scheduled.get(machineKey(machineOf(agent.registration))),
  }));
  const isStaying = ({ unavailability }: (typeof agents)[number]) => unavailability === undefined;
  for (const { agent, unavailability } of [...agents.filter(isStaying), ...agents.filter((each) => !isStaying(each))]) {
    for (const offer of [...agent.offers.values()]) rescindOffer(term, offer);
    inverseOffers.schedule(agent, unavailability);
    cluster.unoffered.add(agent);
  }
  allocator.requestSoon();
  return ok;
}

async function bringDown(term: Term, machines: readonly MachineId[]): Promise<HttpAnswer> {
  const isKnown = knownMachines(term);
  await term.registrar.update('start maintenance', (registry) =>
    accepted(startMaintenance(registry, machines, isKnown)),
  );
  const keys = new Set(machines.map(machineKey));
  const message = "Operator initiated 'Machine DOWN'";
  for (const agent of [...term.cluster.agents.values()]) {
    if (!keys.has(machineKey(machineOf(agent.registration)))) continue;
    agent.stream?.send({ type: 'SHUTDOWN', shutdown: { message } });
    removeAgent(term, agent, message);
  }
  return ok;
}

async function bringUp(term: Term, machines: readonly MachineId[]): Promise<HttpAnswer> {
  const isKnown = knownMachines(term);
  await term.registrar.update('stop maintenance', (registry) => accepted(stopMaintenance(registry, machines, isKnown)));
  return ok;
}

/** Empty lists are not there, as in protobuf. */
const listed = <Item>(name: string, items: readonly Item[]) => (items.length === 0 ? {} : { [name]: items });

const toSchedule = ({ registrar }: Term) => listed('windows', registrar.registry.windows);

function toStatus({ registrar, cluster, inverseOffers }: Term) {
  const { registry } = registrar;
  const agents = [...cluster.agents.values()].filter(({ unavailability }) => unavailability !== undefined);
  const statusesOf = (id: MachineId) =>
    agents
      .filter(({ registration }) => machineKey(machineOf(registration)) === machineKey(id))
      .flatMap((agent) => inverseOffers.statusesOf(agent));
  const draining = drainingMachines(registry).map((id) => ({ id, ...listed('statuses', statusesOf(id)) }));
  return { ...listed('draining_machines', draining), ...listed('down_machines', registry.down) };
}

/** A list that is empty may be missing. */
const windowsIn = (value: unknown): readonly MaintenanceWindow[] =>
  listAt(value, 'windows').map((window) => ({
    machine_ids: listAt(window, 'machine_ids') as readonly MachineId[],
    unavailability: valueAt(window, 'unavailability') as MaintenanceWindow['unavailability'],
  }));

const machinesIn = (call: JsonObject, name: string) => listAt(call, name, 'machines') as readonly MachineId[];

/** Calls that read, by what they are answered with. */
export const maintenanceReads: Readonly<Record<string, (term: Term) => unknown>> = {
  GET_MAINTENANCE_SCHEDULE: (term) => ({ schedule: toSchedule(term) }),
  GET_MAINTENANCE_STATUS: (term) => ({ status: toStatus(term) }),
};

/** Calls that change something; the call has the field that it needs. */
export const maintenanceWrites: Readonly<Record<string, (term: Term, call: JsonObject) => Promise<HttpAnswer>>> = {
  UPDATE_MAINTENANCE_SCHEDULE: (term, call) =>
    schedule(term, windowsIn(valueAt(call, 'update_maintenance_schedule', 'schedule'))),
  START_MAINTENANCE: (term, call) => bringDown(term, machinesIn(call, 'start_maintenance')),
  STOP_MAINTENANCE: (term, call) => bringUp(term, machinesIn(call, 'stop_maintenance')),
};

const machineList: Message = { machines: { type: machineId, repeated: true } };

const readMachines = (request: HttpRequest) => readJsonBody(request, machineList, undefined, 'machines');

/** The older endpoints, by method and path (docs/maintenance.md). */
export const maintenanceEndpoints: Readonly<
  Record<string, (term: Term, request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>>
> = {
  'GET /maintenance/schedule': (term) => jsonAnswer(200, toSchedule(term)),
  'POST /maintenance/schedule': async (term, request) => {
    const message = await readJsonBody(request, maintenanceSchedule);
    return schedule(term, windowsIn(message));
  },
  'GET /maintenance/status': (term) => jsonAnswer(200, toStatus(term)),
  'POST /machine/down': async (term, request) =>
    bringDown(term, listAt(await readMachines(request), 'machines') as readonly MachineId[]),
  'POST /machine/up': async (term, request) =>
    bringUp(term, listAt(await readMachines(request), 'machines') as readonly MachineId[]),
};
