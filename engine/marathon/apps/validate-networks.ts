import type { App } from '../../../protocol/marathon.ts';
import type { BrokenRule } from '../marathon-error.ts';

/** Networks, ports, and how they go together (NetworkValidation.scala and AppValidation.scala of Marathon). */
export function networkErrors(app: Omit<App, 'version' | 'versionInfo'>): readonly BrokenRule[] {
  const mappings = app.container?.portMappings ?? [];
  const definitions = app.portDefinitions ?? [];
  const modes = app.networks.map((network) => network.mode);
  const count = (mode: string) => modes.filter((each) => each === mode).length;
  const rules: readonly (readonly [boolean, string, string])[] = [
    [
      app.networks.some(({ mode, name, labels }) => mode === 'host' && (name !== undefined || hasKeys(labels))),
      '/networks',
      'Host networks may not have names or labels',
    ],
    [
      app.networks.some(({ mode, name }) => mode === 'container/bridge' && name !== undefined),
      '/networks',
      'Bridge networks may not have names',
    ],
    [
      app.networks.some(({ mode, name }) => mode === 'container' && name === undefined),
      '/networks',
      'Network name must be specified when container network is selected.',
    ],
    [hasDuplicates(app.networks.flatMap(({ name }) => name ?? [])), '/networks', 'Duplicate networks are not allowed'],
    [
      count('host') > 1 || count('container/bridge') > 1 || new Set(modes).size > 1,
      '/networks',
      'May specify a single host network, single bridge network, or else 1-to-n container networks',
    ],
    [
      app.container?.type === 'DOCKER' && count('container') > 1,
      '/',
      'may only specify a single container network when using the Docker container engine',
    ],
    [count('host') > 0 && mappings.length > 0, '/', 'portMappings are not allowed with host-networking'],
    [count('host') === 0 && definitions.length > 0, '/', 'portDefinitions are only allowed with host-networking'],
    [hasDuplicates(definitions.flatMap(({ name }) => name ?? [])), '/portDefinitions', 'Port names must be unique.'],
    [
      hasDuplicates(definitions.flatMap(({ port }) => (port === 0 ? [] : port))),
      '/portDefinitions',
      'Ports must be unique.',
    ],
    [
      hasDuplicates(mappings.flatMap(({ name }) => name ?? [])),
      '/container/portMappings',
      'Port names must be unique.',
    ],
  ];
  return [...mappingErrors(app), ...rules.flatMap(([isBroken, path, error]) => (isBroken ? [{ path, error }] : []))];
}

/** The networks that port mappings are for (AppValidation.scala of Marathon). */
function mappingErrors({ networks, container }: Omit<App, 'version' | 'versionInfo'>): readonly BrokenRule[] {
  const names = networks.flatMap(({ name }) => name ?? []);
  const hasSeveral = networks.filter(({ mode }) => mode === 'container').length > 1;
  return (container?.portMappings ?? []).flatMap(({ hostPort, networkNames = [] }, index) => {
    const path = `/container/portMappings(${index})`;
    const unknown = networkNames.filter((name) => !names.includes(name));
    const isUnclear = hasSeveral && hostPort !== undefined && networkNames.length !== 1;
    const error =
      'networkNames must be a single item list when hostPort is specified and more than 1 container network is defined';
    return [
      ...unknown.map((name) => ({ path: `${path}/networkNames`, error: `${name} is not one of (${names.join(',')})` })),
      ...(isUnclear ? [{ path, error }] : []),
    ];
  });
}

const hasKeys = (labels: object | undefined) => Object.keys(labels ?? {}).length > 0;
const hasDuplicates = (values: readonly unknown[]) => new Set(values).size < values.length;
