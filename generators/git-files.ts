import type { GeneratedFile } from './generated-file.ts';
import { headerComment } from './text/header-comment.ts';

/** What stays on this machine: everything else of a lab may go into git. */
const gitignore: GeneratedFile = {
  path: '.gitignore',
  content: `${headerComment}# Differs from machine to machine; \`npm run generate\` writes it again.
.env
# Credentials: who may push to the registry of the lab, and those of private registries.
secrets/
# State of virtual machines, and of a write that was interrupted.
.vagrant/
.mesos-cluster/next-*/
.mesos-cluster/journal.json
# What runs without Docker: processes, logs, sandboxes.
.mesos-cluster/run/
.mesos-cluster/run.lock*
node_modules/
`,
};

/** Generated files are compared byte for byte, so git must not change their line ends on Windows. */
const gitattributes: GeneratedFile = { path: '.gitattributes', content: `${headerComment}* text=auto eol=lf\n` };

export const gitFiles: readonly GeneratedFile[] = [gitignore, gitattributes];
