import { launcherMark } from '../../cli/lab/launcher.ts';
import { toolInLab } from '../../generators/lab-package.ts';
import { schemaComment } from '../../planning/spec-text/write-spec.ts';

/** As an old Node.js reads it too: the program behind it says whether it is too old. */
function launcher(folder: string): string {
  const up = `${folder}/${toolInLab}`
    .split('/')
    .slice(1)
    .map(() => '..')
    .join('/');
  return `${launcherMark}; written by \`npm run generated\`. */
'use strict';
var program = require('path').join(__dirname, '${up}/dist/create-mesos-cluster.cjs');
if (require('fs').existsSync(program)) {
  require(program);
} else {
  console.error('error MACHINE_INCOMPLETE: This lab is part of a clone that is not built yet: run \`npm ci\` in the folder of the clone');
  process.exitCode = 3;
}
`;
}

/**
 * What stands in for the copy of the tool in a lab of the repository: the program, and the schema where the spec names
 * it. Labs of test/golden are looked at only, and have neither.
 */
export function launcherFiles(folder: string, spec: string, schema: string) {
  if (folder.startsWith('test/')) return [];
  return [
    { path: toolInLab, content: launcher(folder) },
    ...(spec.includes(schemaComment) ? [{ path: '.mesos-cluster/spec.schema.json', content: schema }] : []),
  ];
}
