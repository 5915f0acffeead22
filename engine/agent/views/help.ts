import type { Help } from '../../observability/help-pages.ts';

/** What an agent says of its endpoints under `/help`. */
export const agentHelp: Help = {
  files: {
    '/browse': 'Lists a folder of a sandbox: <code>path</code>.',
    '/debug': 'Where the paths of sandboxes lead.',
    '/download': 'A file of a sandbox: <code>path</code>.',
    '/read': 'A part of such a file: <code>path</code>, <code>offset</code>, <code>length</code>.',
  },
  logging: {
    '/toggle':
      'How much is logged; with <code>level</code> and <code>duration</code> sets it for a while: level 1 logs requests.',
  },
  metrics: { '/snapshot': 'Counters and gauges. <code>timeout</code> is a duration, such as 5secs.' },
  'slave(1)': {
    '/api/v1': 'The operator API: a call in JSON or protobuf.',
    '/containers': 'Containers that run, and what they use.',
    '/flags': 'The flags that this agent runs with.',
    '/health': 'Answers 200 as long as the agent answers at all.',
    '/containerizer/debug': 'What the containerizer waits for.',
    '/monitor/statistics': 'What the containers use.',
    '/state': 'Everything that this agent knows.',
  },
  version: { '': 'Version and build of this agent.' },
};
