import { integerAt, listAt, valueAt } from '../json.ts';

export interface AppPort {
  /** 0 where it is not known. */
  readonly servicePort: number;
  readonly containerPort?: number;
}

/**
 * Ports of an app as any version of Marathon shows them: 1.5 has container.portMappings or portDefinitions, before it
 * were docker.portMappings and ports.
 * @param app of `GET /v2/apps`
 */
export function portsOfApp(app: unknown): readonly AppPort[] {
  const mappings = [
    valueAt(app, 'container', 'portMappings'),
    valueAt(app, 'container', 'docker', 'portMappings'),
  ].find(Array.isArray);
  if (mappings !== undefined) {
    return listAt(mappings).map((mapping) => {
      const containerPort = integerAt(mapping, 'containerPort');
      const servicePort = integerAt(mapping, 'servicePort') ?? 0;
      return { servicePort, ...(containerPort === undefined ? {} : { containerPort }) };
    });
  }
  const definitions = listAt(app, 'portDefinitions').map((definition) => integerAt(definition, 'port'));
  const plain = listAt(app, 'ports').map((port) => integerAt(port));
  return (definitions.length > 0 ? definitions : plain).map((port) => ({ servicePort: port ?? 0 }));
}
