import { agentsFolder } from '../logs/collector-config.ts';
import { collectorFolder, logsFiles, lokiFolder } from '../logs/logs-files.ts';
import { entry, flow, list } from '../text/yaml-text.ts';
import { dockerSocket, type Builder } from './compose-service.ts';
import { workDirSource } from './mesos-agent.ts';
import { serviceWithFiles } from './mounted-files.ts';

/** Loki: its configuration, and a volume for what it keeps. */
export const lokiServices: Builder = (component, context) => {
  const volume = `${component.service}-data`;
  const service = serviceWithFiles(component, context, {
    files: logsFiles(context.plan),
    folders: [[lokiFolder, '/etc/loki']],
    namedVolumes: [{ name: volume }],
    volumes: [`${volume}:/loki`],
  });
  return [service];
};

/**
 * The collector of a machine. Of containers it asks the Engine, as Docker's log driver `local` writes what no other
 * program reads; sandboxes are mounted, to read, so the Engines of agents are not asked.
 */
export const logsServices: Builder = (component, context) => {
  const { plan, here } = context;
  const volume = `${component.service}-positions`;
  const sandboxes = (here.get('mesos-agent') ?? []).map(
    (agent) => `${workDirSource(agent, plan)}:${agentsFolder}/${agent.node}:ro`,
  );
  const service = serviceWithFiles(component, context, {
    files: logsFiles(plan),
    folders: [[collectorFolder, '/etc/alloy']],
    namedVolumes: [{ name: volume }],
    volumes: [`${volume}:/positions`, `${dockerSocket}:ro`, ...sandboxes],
    extra: [
      // Compose writes files that are in its own file into a container, which then cannot be one to read alone.
      ...(plan.placement === 'one-host' ? [entry('read_only', true)] : []),
      entry('user', 'root', 'The socket and the volume are of root.'),
      entry('cap_drop', flow(['ALL'])),
      entry('cap_add', flow(['DAC_READ_SEARCH']), 'Sandboxes are readable for the users of their tasks alone.'),
      entry('security_opt', flow(['no-new-privileges:true'])),
      entry('tmpfs', list(['/tmp'])),
    ],
  });
  return [service];
};
