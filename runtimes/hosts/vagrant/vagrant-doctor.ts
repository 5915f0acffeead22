import type { Diagnosis, DoctorQuestion, Finding } from '../../doctor-facet.ts';
import type { HostsWorld } from '../hosts-world.ts';
import { vagrantFacts } from './vagrant-facts.ts';
import { vagrantLabFindings } from './vagrant-findings.ts';

/** Whether there is Vagrant; and of a lab, what else its virtual machines need of this machine. Starts no machine. */
export async function vagrantDoctor(world: HostsWorld, { lab }: DoctorQuestion): Promise<Diagnosis> {
  const vagrant = lab?.plan.vagrant;
  if (lab === undefined || vagrant === undefined) {
    return { title: 'labs of virtual machines', findings: [await vagrantFinding(world)] };
  }
  const wanted = world.env['VAGRANT_DEFAULT_PROVIDER'];
  const findings = vagrantLabFindings(lab.plan, vagrant, await vagrantFacts(world), wanted);
  return { title: 'this lab of virtual machines', findings };
}

async function vagrantFinding({ runCommand, cwd, signal }: HostsWorld): Promise<Finding> {
  const result = await runCommand('vagrant', ['--version'], { cwd, stdio: 'capture', signal, timeoutMs: 20_000 });
  const said = result.kind === 'ended' ? (result.exitCode === 0 ? result.stdout : result.stderr).trim() : '';
  const ok = result.kind === 'ended' && result.exitCode === 0 && said !== '';
  const found = result.kind === 'missing' ? 'not on PATH' : (said.split('\n', 1)[0] ?? '');
  const fix = 'install it: https://developer.hashicorp.com/vagrant/install';
  return { need: 'Vagrant', ok, found: found === '' ? 'no answer' : found, fix };
}
