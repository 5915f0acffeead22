import type { AgentView } from './agent-view.ts';

/** AgentInfo of mesos.proto. */
export function describeAgent({ options, port, resources, attributes, id }: AgentView) {
  return {
    hostname: options.hostname,
    port,
    resources: resources.map(({ role, ...resource }) => (role === '*' ? resource : { ...resource, role })),
    ...(attributes.length > 0 && { attributes }),
    ...(id() !== '' && { id: { value: id() } }),
  };
}
