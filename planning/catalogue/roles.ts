import type { Component } from '../components/component.ts';
import { addonComponents, companionComponents, components } from '../components/components.ts';

export type Role = (typeof components)[number]['role'];
export type Addon = (typeof addonComponents)[number]['role'];

/** What a node can do. The order is the order of start, and of every list in the generated files. */
export const roles: readonly Role[] = components.map(({ role }) => role);

/** Roles that a spec switches on under `addons`; in Compose they are profiles. */
export const addons: readonly Addon[] = addonComponents.map(({ role }) => role);

/** Roles that come with these add-ons. */
export const companionsOf = (wanted: readonly Addon[]): readonly Role[] =>
  companionComponents
    .filter(({ comesWith }: Component) => wanted.some((addon) => comesWith?.includes(addon)))
    .map(({ role }) => role);

/** Add-ons that a role belongs to; none for a part of the cluster itself. */
export const addonsOf = (role: Role): readonly Addon[] =>
  addons.filter((addon) => addon === role || componentOf[role].comesWith?.includes(addon) === true);

/** A table with a row for each role. */
const byRole = <Value>(value: (component: Component) => Value): Readonly<Record<Role, Value>> =>
  Object.fromEntries(components.map((component) => [component.role, value(component)])) as Record<Role, Value>;

/** What is known of each role. */
export const componentOf: Readonly<Record<Role, Component>> = byRole((component) => component);

/** Ports that a spec can move, with the number each service uses everywhere else. */
export const defaultPorts = byRole(({ ports: [first] }) => first.usual);

/** Parts that have an image of their own: the roles, the agents' Docker engine, and what stands in front of the registry. */
export const imageParts = [...roles, 'docker-engine', 'registry-gate'] as const;
export type ImagePart = (typeof imageParts)[number];

/** Whose image a role is reached at: that of its gate, if it has one. */
export const frontPart = (role: Role): ImagePart => componentOf[role].gate ?? role;

export const presetNames = ['single', 'ha', 'three-vm', 'two-host', 'three-master'] as const;
export type PresetName = (typeof presetNames)[number];

export const imageSetNames = ['clusterd', 'stock', 'lite'] as const;
export type ImageSetName = (typeof imageSetNames)[number];

export const vagrantProviders = ['virtualbox', 'libvirt', 'parallels', 'vmware_desktop'] as const;
export type VagrantProvider = (typeof vagrantProviders)[number];
