import { measuresDisk } from '../../protocol/disk-isolation.ts';
import { agentDefaults } from '../../protocol/mesos-defaults.ts';
import { DrillRefusal, type Drill } from './drill.ts';
import type { DiskFacts, DrillFacts } from './drill-facts.ts';

/** What a lab is called that has enough of each. */
const presetWith = { masters: 'ha', zookeepers: 'ha', agents: 'ha', loadBalancer: 'single' } as const;

const words = {
  masters: 'masters',
  zookeepers: 'ZooKeepers',
  agents: 'agents',
  loadBalancer: 'load balancer',
} as const;

/**
 * @param isAdopted the cluster is somebody else's, whose flags are not in a spec
 * @throws DrillRefusal that says which preset has what this lab has not, or what `--target` may say
 */
export function checkNeeds(drill: Drill, facts: DrillFacts, wanted: string | undefined, isAdopted: boolean): void {
  const has = {
    masters: facts.masters.length,
    zookeepers: facts.zookeepers.length,
    agents: facts.agents.length,
    loadBalancer: facts.balancers.length,
  };
  for (const name of Object.keys(words) as (keyof typeof words)[]) {
    const needed = Number(drill.needs[name] ?? 0);
    if (has[name] >= needed) continue;
    const inProcess = name === 'zookeepers' && facts.inOneProcess;
    throw new DrillRefusal('usage', `${drill.name} needs ${needed === 1 ? 'a' : `${needed}`} ${words[name]}`, {
      found: inProcess ? 'none: the embedded runtime has no ZooKeeper' : `${has[name]}`,
      fix: `The preset ${presetWith[name]} has that: create-mesos-cluster my-lab --preset ${presetWith[name]}${inProcess ? ', on Docker' : ''}`,
    });
  }
  if (drill.needs.diskQuota === true && !facts.disk.isEnforced) throw noDiskQuota(drill, facts.disk, isAdopted);
  const targets = drill.targets?.(facts) ?? [];
  if (wanted === undefined || targets.includes(wanted)) return;
  throw new DrillRefusal('usage', `${drill.name} does not strike ${wanted}`, {
    found: `--target ${wanted}`,
    ...(targets.length === 0
      ? { fix: 'Leave out --target: it finds by itself what to strike' }
      : { allowed: targets.join(', ') }),
  });
}

/** Mesos's own default is that nobody is ended for that, and so it is in a lab. */
const noDiskQuota = ({ name }: Drill, { isolation = agentDefaults.isolation }: DiskFacts, isAdopted: boolean) =>
  new DrillRefusal(
    'usage',
    `${name} needs agents that enforce the disk quota of tasks, which is off unless asked for`,
    {
      found: measuresDisk(isolation) ? 'enforce_container_disk_quota=false' : `isolation=${isolation}`,
      fix: isAdopted
        ? 'Whoever runs the agents can start them with disk/du in --isolation, --enforce_container_disk_quota, and --container_disk_watch_interval=1secs'
        : `In mesos-cluster.yaml, then create-mesos-cluster down, and up:

mesos:
  agent:
    flags:
      isolation: ${measuresDisk(isolation) ? isolation : `${isolation},disk/du`}
      enforce_container_disk_quota: true
      container_disk_watch_interval: 1secs
`,
    },
  );
