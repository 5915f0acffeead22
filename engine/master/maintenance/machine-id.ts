import { isIPv4 } from 'node:net';
import type { AgentRegistration } from '../../../protocol/agent-api.ts';
import type { MachineId } from '../registry/registry.ts';

/** Machines are the same whose keys are: names of hosts have no case. */
export const machineKey = ({ hostname = '', ip = '' }: MachineId): string => `${hostname.toLowerCase()} ${ip}`;

/** That an agent runs on. */
export const machineOf = ({ hostname, ip }: AgentRegistration): MachineId => ({ hostname, ip });

/** As Mesos shows one. */
const shown = (id: MachineId) => `Machine '${JSON.stringify(id)}'`;

/** Why one is none (src/master/maintenance.cpp, validation::machine). */
export function refuseMachine({ hostname = '', ip = '' }: MachineId): string | undefined {
  if (hostname === '' && ip === '') return "Both 'hostname' and 'ip' for a machine are empty";
  return ip === '' || isIPv4(ip) ? undefined : `Failed to parse IPv4: ${ip}`;
}

/** Why a list is none of machines (validation::machines). */
export function refuseMachines(ids: readonly MachineId[]): string | undefined {
  if (ids.length === 0) return 'List of machines is empty';
  return ids.map(refuseMachine).find((each) => each !== undefined) ?? refuseTwice(ids, 'appears more than once');
}

/** Why machines may not be in one list. */
export function refuseTwice(ids: readonly MachineId[], why: string): string | undefined {
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(machineKey(id))) return `${shown(id)} ${why}`;
    seen.add(machineKey(id));
  }
  return undefined;
}

export const describeMachine = (id: MachineId, what: string): string => `${shown(id)} ${what}`;
