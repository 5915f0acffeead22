import type { Diagnosis, DoctorQuestion } from '../../doctor-facet.ts';
import type { HostsWorld } from '../hosts-world.ts';
import { hostsFindings } from './hosts-findings.ts';

/** The machines of a lab themselves, and the ways between them. */
export async function hostsDoctor(world: HostsWorld, { lab, note, signal }: DoctorQuestion): Promise<Diagnosis> {
  const title = 'this lab on its machines';
  if (lab === undefined) return { title, findings: [] };
  note(`Asking ${String(lab.plan.nodes.length)} machines, up to half a minute …`);
  // Nothing is there that Ctrl-C would have to wait for.
  const openTunnel: HostsWorld['openTunnel'] = (whom, options) => world.openTunnel(whom, { ...options, signal });
  return { title, findings: await hostsFindings({ ...world, openTunnel, signal }, lab) };
}
