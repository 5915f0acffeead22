import type { Help } from '../../observability/help-pages.ts';

/** What a master says of its endpoints under `/help`. */
export const masterHelp: Help = {
  files: {
    '/browse': 'Lists what is in a folder that this master shows: <code>path</code>.',
    '/debug': 'The folders and files that this master shows.',
    '/download': 'A file that this master shows: <code>path</code>.',
    '/read': 'A part of such a file: <code>path</code>, <code>offset</code>, <code>length</code>.',
  },
  logging: {
    '/toggle':
      'How much is logged; with <code>level</code> and <code>duration</code> sets it for a while: level 1 logs requests and allocations, level 2 also offers and status updates.',
  },
  master: {
    '/api/v1': 'The operator API: a call in JSON or protobuf.',
    '/api/v1/scheduler': 'The scheduler API: what frameworks call.',
    '/flags': 'The flags that this master runs with.',
    '/frameworks': 'Frameworks, with their tasks; one of them: <code>framework_id</code>.',
    '/health': 'Answers 200 as long as the master answers at all.',
    '/machine/down':
      'Begins the maintenance of machines that are scheduled for it: a list of <code>hostname</code> and <code>ip</code>.',
    '/machine/up': 'Ends the maintenance of machines.',
    '/maintenance/schedule': 'Which machines will be away, and when.',
    '/maintenance/status': 'Machines that are scheduled or in maintenance, and what frameworks said to it.',
    '/quota': 'What roles are guaranteed, and what they may have at most.',
    '/redirect': 'Redirects to the leading master.',
    '/roles': 'Roles, with what is allocated to them.',
    '/slaves': 'Agents; one of them: <code>slave_id</code>.',
    '/state': 'Everything that this master knows.',
    '/state-summary': 'Agents and frameworks, with counts instead of tasks.',
    '/tasks':
      'Tasks, the youngest first: <code>limit</code>, <code>offset</code>, <code>order</code>, <code>framework_id</code>, <code>task_id</code>.',
    '/weights': 'How much roles count when resources are shared.',
    '/teardown': 'Ends a framework: a form with <code>frameworkId</code>.',
  },
  metrics: { '/snapshot': 'Counters and gauges. <code>timeout</code> is a duration, such as 5secs.' },
  version: { '': 'Version and build of this master.' },
};
