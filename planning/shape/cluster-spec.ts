import * as z from 'zod';
import { adopted } from './adopted-shape.ts';
import { attributes, dockerConfig, resources, taskNetwork } from './agent-shape.ts';
import { autoscale } from './autoscale-shape.ts';
import { cleaner } from './cleaner-shape.ts';
import { images } from './images-shape.ts';
import { registry } from './registry-shape.ts';
import { simulatedAgents } from './simulated-agents-shape.ts';
import { frontPorts } from '../components/marathon-lb.ts';
import { addons, defaultPorts, presetNames, roles, vagrantProviders, type Role } from '../catalogue/roles.ts';

/*
 * The shape of mesos-cluster.yaml: keys, types and words. What the values mean together is checked in check-spec.ts,
 * which also serves specs that were built from flags; so nothing here is a rule on its own but the shape.
 * `meta` (description, pattern, default, examples) goes into spec.schema.json and docs/spec.md.
 */

const name = z
  .string()
  .meta({ pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$', description: 'A DNS label: a-z, 0-9 and hyphens.' });
const port = z.int().meta({ minimum: 1, maximum: 65535, description: 'A TCP port.' });
const count = (description: string, fallback: number) =>
  z.int().meta({ minimum: 0, maximum: 10_000, description, default: fallback });

const flags = (program: string) =>
  z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).meta({
    description: `Flags passed through to ${program}, without the leading dashes; checked against the flags of the image set's version.`,
  });

const node = z
  .strictObject({
    name,
    address: z.string().optional().meta({ description: 'IPv4 address of the machine (placement `machines`).' }),
    roles: z.array(z.enum(roles)).meta({ description: 'What runs on this node.', minItems: 1 }),
    zookeeperId: z.int().optional().meta({
      minimum: 1,
      maximum: 255,
      description: 'ZooKeeper `myid`; without it, ZooKeepers are numbered from 1 in the order of the nodes.',
    }),
    attributes: attributes.optional(),
    resources: resources.optional(),
    docker: z.string().optional().meta({
      description:
        'Where the Docker Engine of this node is: ssh://user@host, unix:///path, tcp://host:2376 (TLS), or context:NAME.',
    }),
  })
  .meta({ description: 'A machine, a virtual machine, or (placement `one-host`) a stand-in for one.' });

const ports = z.strictObject({
  ...(Object.fromEntries(
    roles.map((role) => [
      role,
      port
        .optional()
        .meta({ default: defaultPorts[role], description: `Port of ${role}; of the first, when there are several.` }),
    ]),
  ) as Record<Role, z.ZodOptional<typeof port>>),
  offset: z.int().optional().meta({
    minimum: 0,
    maximum: 65_534,
    default: 0,
    description:
      'Added to every port that is published on this machine, so that several labs run side by side (placement `one-host`).',
  }),
  services: z.string().optional().meta({
    description: "First and last service port of the load balancer that are published (Marathon's servicePort).",
    default: '10000-10020',
    pattern: '^[0-9]+-[0-9]+$',
  }),
  ...(Object.fromEntries(
    frontPorts.map(({ name: key, usual, what }) => [
      key,
      port.optional().meta({
        description: `Publishes the load balancer's port ${usual} at this one: ${what} (placement \`one-host\`).`,
      }),
    ]),
  ) as Record<(typeof frontPorts)[number]['name'], z.ZodOptional<typeof port>>),
});

/** The schema of a spec. Unknown keys are errors everywhere but in `flags` and `attributes`. */
export const clusterSpecSchema = z
  .strictObject({
    name: name.meta({
      description: 'Name of the lab, and of the Mesos cluster unless `mesos.cluster` says otherwise.',
    }),
    preset: z.enum(presetNames).optional().meta({
      description: 'A ready-made system to start from; `nodes` or `counts` replace its own.',
      default: 'single',
    }),
    placement: z.enum(['one-host', 'machines']).optional().meta({
      description:
        'Where the nodes are. one-host: all on this machine. machines: each on a machine of its own, with an address and a Docker Engine.',
    }),
    runtime: z.enum(['docker', 'hosts']).optional().meta({
      deprecated: true,
      description: 'Old name of `placement`: docker is one-host, hosts is machines. `generate` writes the new one.',
    }),
    counts: z
      .strictObject({
        zookeepers: count('ZooKeeper servers: odd.', 1).optional(),
        masters: count('Mesos masters: odd.', 1).optional(),
        agents: count('Mesos agents.', 2).optional(),
        marathons: count('Marathon instances.', 1).optional(),
        loadBalancers: count('Marathon-LB instances: 0 or 1.', 1).optional(),
      })
      .optional()
      .meta({ description: 'How many of each (placement `one-host` without `nodes`).' }),
    simulatedAgents: simulatedAgents.optional(),
    nodes: z.array(node).optional().meta({ description: 'The machines, one by one; replaces those of the preset.' }),
    addons: z.array(z.enum(addons)).optional().meta({ description: 'Services beside the cluster (Compose profiles).' }),
    images: images.optional().meta({ description: 'Which images play the roles.' }),
    agentDocker: z.enum(['dind', 'socket']).optional().meta({
      description:
        "dind: an Engine of its own for each agent. socket: the host's Engine, shared by all agents of a machine.",
    }),
    taskNetwork: taskNetwork.optional(),
    cleaner: cleaner.optional(),
    bind: z.string().optional().meta({
      description: 'Address of this machine that ports are published on (placement `one-host`).',
      default: '127.0.0.1',
    }),
    ports: ports.optional().meta({ description: 'Moves the ports; further instances count up from these.' }),
    mesos: z
      .strictObject({
        cluster: z.string().optional().meta({ description: "MESOS_CLUSTER: the name in Mesos's web pages." }),
        quorum: z.int().optional().meta({ description: 'Derived; a given value must be the majority of the masters.' }),
        zkPath: z.string().optional().meta({ description: 'znode of the masters.', default: '/mesos' }),
        workDir: z
          .string()
          .optional()
          .meta({ description: 'Work directory, in the containers.', default: '/var/lib/mesos' }),
        master: z
          .strictObject({ flags: flags('mesos-master').optional() })
          .optional()
          .meta({ description: 'What all masters have.' }),
        agent: z
          .strictObject({
            flags: flags('mesos-agent').optional(),
            attributes: attributes.optional(),
            resources: resources.optional(),
            dockerConfig: dockerConfig.optional(),
          })
          .optional()
          .meta({ description: 'What all agents have; a node can say otherwise for itself.' }),
      })
      .optional()
      .meta({ description: 'Settings of Mesos masters and agents.' }),
    marathon: z
      .strictObject({
        zkPath: z.string().optional().meta({ description: "znode of Marathon's state.", default: '/marathon' }),
        flags: flags('Marathon').optional(),
      })
      .optional()
      .meta({ description: 'Settings of Marathon.' }),
    timing: z.enum(['standard', 'fast']).optional().meta({
      description:
        'fast: lost agents and masters are noticed in seconds instead of more than a minute (workshops, not production).',
      default: 'standard',
    }),
    autoscale: autoscale.optional(),
    registry: registry.optional(),
    registryMirror: z.string().optional().meta({ description: "URL of a pull-through cache for the agents' engines." }),
    proxy: z
      .strictObject({
        http: z.string().optional().meta({ description: 'http_proxy, without credentials.' }),
        https: z.string().optional().meta({ description: 'https_proxy, without credentials.' }),
        noProxy: z.array(z.string()).optional().meta({ description: 'Hosts beside those of the lab.' }),
      })
      .optional()
      .meta({ description: "Proxy for the agents' engines and the provisioning of virtual machines." }),
    vagrant: z
      .strictObject({
        provider: z
          .enum(vagrantProviders)
          .optional()
          .meta({ description: 'What runs the virtual machines.', default: 'virtualbox' }),
        box: z
          .string()
          .optional()
          .meta({ description: 'Vagrant box; without it, one that fits provider and image set.' }),
        cpus: z.int().optional().meta({ minimum: 1, default: 2, description: 'Processors of each VM.' }),
        memoryMb: z.int().optional().meta({ minimum: 512, default: 2048, description: 'Memory of each VM, in MB.' }),
      })
      .optional()
      .meta({ description: 'Write a Vagrantfile for the nodes (placement `machines`).' }),
    adopted: adopted.optional(),
    nativeConfig: z.boolean().optional().meta({
      description: 'Also write the files under /etc for installations from packages (native/NODE/etc).',
      default: false,
    }),
  })
  .meta({ title: 'mesos-cluster.yaml', description: 'What a lab of create-mesos-cluster is.' });

/** A spec as the user wrote it: nothing is filled in. */
export type ClusterSpec = z.infer<typeof clusterSpecSchema>;
export type NodeSpec = NonNullable<ClusterSpec['nodes']>[number];
