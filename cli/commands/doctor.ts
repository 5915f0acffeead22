import { exitCodes } from '../../errors/exit-codes.ts';
import type { Context } from '../../platform/context.ts';
import { coloursFor } from '../../platform/terminal.ts';
import { isOn } from '../command-line.ts';
import type { Command } from '../command.ts';
import { isAtLeast } from '../compare-versions.ts';
import { labDirectory } from '../plan-source.ts';

/** One thing that a lab needs, and whether this machine has it. */
interface Finding {
  readonly need: string;
  readonly ok: boolean;
  /** The version, or what is wrong. */
  readonly found: string;
  readonly fix?: string;
}

const oldestNode = '20.12.0';
/** The first Compose with everything that the generated files use: `depends_on` conditions with `restart`. */
const oldestCompose = '2.20.0';

/** `doctor`: checks what a lab needs on this machine, each with its fix; exit code 3 when something is missing. */
export const doctor: Command = async (context, line) => {
  const directory = labDirectory(context, line);
  const needsVagrant = context.files.kindOf(`${directory}/Vagrantfile`) !== undefined;
  const findings = [
    checkNode(context),
    ...(needsVagrant
      ? [await checkVagrant(context)]
      : [await checkClient(context), await checkEngine(context), await checkCompose(context)]),
  ];
  const colours = coloursFor(context.stdout, context.env, !isOn(line, 'no-color'));
  const marks = { ok: colours.green('ok     '), missing: colours.red('missing') };
  context.stdout.write(
    isOn(line, 'json')
      ? `${JSON.stringify({ findings }, undefined, 2)}\n`
      : findings.map((finding) => textOf(finding, finding.ok ? marks.ok : marks.missing)).join(''),
  );
  return findings.every(({ ok }) => ok) ? exitCodes.ok : exitCodes.machine;
};

function textOf({ need, found, fix, ok }: Finding, mark: string): string {
  return `${mark} ${need}: ${found}\n${ok || fix === undefined ? '' : `        fix: ${fix}\n`}`;
}

function checkNode({ nodeVersion }: Context): Finding {
  const ok = isAtLeast(nodeVersion, oldestNode);
  return { need: `Node.js ${oldestNode} or newer`, ok, found: nodeVersion, fix: 'install a newer Node.js' };
}

/** What a program answers, on one line; or undefined and why not. */
async function answer(context: Context, program: string, ...words: string[]): Promise<{ ok: boolean; found: string }> {
  const options = { cwd: context.cwd, stdio: 'capture', signal: context.signal, timeoutMs: 20_000 } as const;
  const result = await context.runCommand(program, words, options);
  if (result.kind === 'missing') return { ok: false, found: 'not on PATH' };
  if (result.kind === 'stopped') return { ok: false, found: 'no answer' };
  const [first = ''] = (result.exitCode === 0 ? result.stdout : result.stderr).trim().split('\n');
  return { ok: result.exitCode === 0 && first !== '', found: first === '' ? 'no answer' : first };
}

async function checkClient(context: Context): Promise<Finding> {
  const found = await answer(context, 'docker', '--version');
  return { need: 'Docker client', ...found, fix: 'install Docker: https://docs.docker.com/get-docker/' };
}

async function checkEngine(context: Context): Promise<Finding> {
  const found = await answer(context, 'docker', 'version', '--format', '{{.Server.Version}}');
  const fix = 'start Docker (Docker Desktop, or systemctl start docker), and let your user talk to it (group docker)';
  return { need: 'Docker Engine answers', ...found, fix };
}

async function checkCompose(context: Context): Promise<Finding> {
  const { ok, found } = await answer(context, 'docker', 'compose', 'version', '--short');
  const fix = 'install the Compose plugin: https://docs.docker.com/compose/install/';
  return { need: `Compose ${oldestCompose} or newer`, ok: ok && isAtLeast(found, oldestCompose), found, fix };
}

async function checkVagrant(context: Context): Promise<Finding> {
  const found = await answer(context, 'vagrant', '--version');
  return { need: 'Vagrant', ...found, fix: 'install it: https://developer.hashicorp.com/vagrant/install' };
}
