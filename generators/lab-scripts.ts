/** The verbs that work on a lab; each is an npm script of its package.json. */
export const labScripts = [
  ...(['up', 'down', 'stop', 'kill', 'pause', 'partition', 'heal', 'start'] as const),
  ...(['status', 'page', 'verify', 'drill', 'logs', 'exec', 'deploy', 'scale', 'rollback'] as const),
  ...(['images', 'learn', 'doctor'] as const),
  ...(['generate', 'plan', 'explain'] as const),
] as const;

/** Verbs that go by a URL: scripts of a lab all the same, so that nothing has to be installed for them. */
export const scriptsBeside = ['load'] as const;

/** Where a lab has machines of its own, there is one more. */
export const machineScripts = [...labScripts, 'ssh'] as const;
