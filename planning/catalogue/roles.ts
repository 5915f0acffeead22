/** What a node can do. The order is the order of start, and of every list in the generated files. */
export const roles = [
  'zookeeper',
  'mesos-master',
  'mesos-agent',
  'marathon',
  'marathon-lb',
  'chronos',
  'mesos-dns',
  'registry',
] as const;

export type Role = (typeof roles)[number];

/** Roles that a spec switches on under `addons`; in Compose they are profiles. */
export const addons = ['chronos', 'mesos-dns', 'registry'] as const satisfies readonly Role[];
export type Addon = (typeof addons)[number];

/** Parts that have an image of their own: the roles, and the agents' Docker engine. */
export const imageParts = [...roles, 'docker-engine'] as const;
export type ImagePart = (typeof imageParts)[number];

export const presetNames = ['single', 'ha', 'three-vm', 'two-host', 'three-master'] as const;
export type PresetName = (typeof presetNames)[number];

export const imageSetNames = ['clusterd', 'stock', 'lite'] as const;
export type ImageSetName = (typeof imageSetNames)[number];

export const vagrantProviders = ['virtualbox', 'libvirt', 'parallels', 'vmware_desktop'] as const;
export type VagrantProvider = (typeof vagrantProviders)[number];

/** Ports that a spec can move, with the number each service uses everywhere else. */
export const defaultPorts = {
  zookeeper: 2181,
  'mesos-master': 5050,
  'mesos-agent': 5051,
  marathon: 8080,
  'marathon-lb': 9090,
  chronos: 4400,
  'mesos-dns': 8123,
  registry: 5000,
} as const satisfies Record<Role, number>;
