import { run } from '../cli/main.ts';
import type { Context } from '../platform/context.ts';
import { newInterruption } from '../platform/processes/interruption.ts';
import { nodeFileSystem } from '../platform/files/node-file-system.ts';
import { runCommand } from '../platform/processes/run-command.ts';
import { descriptorOutput, standardInput } from '../platform/terminal.ts';
import { tryPort } from '../platform/network/try-port.ts';

// The bundle is CommonJS: this is the folder that all of its files are in.
declare const __dirname: string;

const interruption = newInterruption();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  // Not once: a listener of the prompts library ends the process when it finds no other.
  process.on(name, () => {
    if (interruption.isInterrupted()) process.exit(130);
    interruption.interrupt(name);
  });
}
// Ctrl-D closes the terminal under a question, which then waits for ever and keeps nothing alive.
const stopWaiting = () => {
  interruption.interrupt('SIGHUP');
};
process.once('beforeExit', stopWaiting);

const context: Context = {
  argv: process.argv.slice(2),
  script: process.argv[1] ?? '',
  env: process.env,
  cwd: process.cwd(),
  stdin: standardInput,
  stdout: descriptorOutput(1),
  stderr: descriptorOutput(2),
  openPrompts: () => ({ input: process.stdin, output: process.stderr }),
  files: nodeFileSystem,
  runCommand,
  tryPort,
  get signal() {
    return interruption.signal();
  },
  toolFolder: __dirname,
  version: __VERSION__,
  nodeVersion: process.versions.node,
};

void run(context).then((exitCode) => {
  process.off('beforeExit', stopWaiting);
  // Nobody else would end what these have left open: in a container, or when the tests are gone.
  if (['__component', '__fixture'].includes(process.argv[2] ?? '')) process.exit(exitCode);
  process.exitCode = exitCode;
});
