import type { FileSystem } from '../../../platform/files/file-system.ts';
import type { CommandResult, RunCommand } from '../../../platform/processes/run-command.ts';

/** What a machine has to run virtual machines with. Words are as the programs print them; undefined: not there. */
export interface VagrantFacts {
  readonly system: 'linux' | 'macos' | 'other';
  readonly isArm: boolean;
  /** `Vagrant 2.4.1` */
  readonly vagrant: string | undefined;
  /** What it said instead of its version. */
  readonly vagrantComplaint: string | undefined;
  /** Names of Vagrant's plug-ins with their versions. */
  readonly plugins: ReadonlyMap<string, string>;
  readonly programs: {
    readonly virtualbox: string | undefined;
    readonly libvirt: string | undefined;
    readonly parallels: string | undefined;
    readonly vmware_desktop: string | undefined;
  };
  /** Of VirtualBox, where there is such a file (`/etc/vbox/networks.conf`). */
  readonly networksFile: string | undefined;
  /** What the kernel says of the processor; undefined where it does not. KVM's device may be there without, and hang. */
  readonly hasVirtualisation: boolean | undefined;
  /** KVM's device is there. */
  readonly hasKvm: boolean;
  /** In MB; undefined where the system does not say. */
  readonly memory: { readonly totalMb: number; readonly availableMb: number } | undefined;
}

export interface VagrantFactsWorld {
  readonly runCommand: RunCommand;
  readonly files: Pick<FileSystem, 'kindOf' | 'readText'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  readonly signal: AbortSignal;
}

const networksPath = '/etc/vbox/networks.conf';
/** Ruby starts slowly, and `plugin list` loads all of Vagrant. */
const answerMs = 30_000;

/** Asks all programs side by side: as long as `vagrant plugin list`, one to five seconds. Starts no machine. */
export async function vagrantFacts(world: VagrantFactsWorld): Promise<VagrantFacts> {
  const { files, signal, env } = world;
  const ask = (program: string, ...words: readonly string[]) =>
    world.runCommand(program, words, { cwd: world.cwd, stdio: 'capture', signal, timeoutMs: answerMs });
  const text = (path: string) => (files.kindOf(path) === 'file' ? readable(files, path) : '');
  const system = files.kindOf('/proc/meminfo') === undefined ? (isMac(files) ? 'macos' : 'other') : 'linux';
  // Its installer for Windows puts the folder into the environment, and not on PATH.
  const virtualBoxFolder = env['VBOX_MSI_INSTALL_PATH'] ?? '';
  const vmrun = system === 'macos' ? '/Applications/VMware Fusion.app/Contents/Library/vmrun' : 'vmrun';
  const [vagrant, plugins, virtualbox, virsh, prlctl, vmware, machine, macMemory] = await Promise.all([
    ask('vagrant', '--version'),
    ask('vagrant', 'plugin', 'list'),
    ask(`${virtualBoxFolder}VBoxManage`, '--version'),
    ask('virsh', '--connect', 'qemu:///system', 'version', '--daemon'),
    ask('prlctl', '--version'),
    // Without a command it prints its version and how it is used.
    ask(vmrun),
    ask('uname', '-m'),
    system === 'macos' ? ask('sysctl', '-n', 'hw.memsize') : undefined,
  ]);
  signal.throwIfAborted();
  const isArm = /arm|aarch64/i.test(said(machine) ?? '');
  const hasKvm = files.kindOf('/dev/kvm') !== undefined;
  const succeeded = vagrant.kind === 'ended' && vagrant.exitCode === 0;
  return {
    system,
    isArm,
    vagrant: succeeded ? vagrant.stdout.trim() : undefined,
    vagrantComplaint: succeeded ? undefined : said(vagrant),
    plugins: readPlugins(said(plugins) ?? ''),
    programs: {
      virtualbox: said(virtualbox),
      libvirt: said(virsh),
      parallels: said(prlctl),
      vmware_desktop: said(vmware),
    },
    networksFile: files.kindOf(networksPath) === undefined ? undefined : text(networksPath),
    hasVirtualisation: system === 'linux' && !isArm ? shown(text('/proc/cpuinfo')) : undefined,
    hasKvm,
    memory: system === 'linux' ? readMemory(text('/proc/meminfo')) : memoryOfMac(said(macMemory)),
  };
}

const isMac = (files: VagrantFactsWorld['files']) => files.kindOf('/System/Library/CoreServices') !== undefined;

function shown(cpuinfo: string): boolean | undefined {
  const flags = /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1];
  return flags === undefined ? undefined : /\b(?:vmx|svm)\b/.test(flags);
}

function readable(files: VagrantFactsWorld['files'], path: string): string {
  try {
    return files.readText(path);
  } catch {
    return '';
  }
}

/** Undefined for a program that is not there; one that failed is there, and may say why. */
function said(result: CommandResult | undefined): string | undefined {
  if (result === undefined || result.kind === 'missing') return undefined;
  return result.kind === 'ended' ? `${result.stdout}\n${result.stderr}`.trim() : '';
}

/** `vagrant-libvirt (0.12.2, global)`, a line for each. */
function readPlugins(text: string): ReadonlyMap<string, string> {
  const found = text.matchAll(/^([\w.-]+) \(([^,)]+)[^)]*\)/gm);
  return new Map([...found].map(([, name = '', version = '']) => [name, version]));
}

/** /proc/meminfo, in kB. */
function readMemory(text: string): VagrantFacts['memory'] {
  const mb = (name: string) =>
    Math.floor(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) / 1024);
  const totalMb = mb('MemTotal');
  return totalMb === 0 ? undefined : { totalMb, availableMb: mb('MemAvailable') };
}

function memoryOfMac(bytes: string | undefined): VagrantFacts['memory'] {
  const totalMb = Math.floor(Number(bytes ?? 0) / 1024 ** 2);
  // Most of what macOS uses it gives back.
  return totalMb > 0 ? { totalMb, availableMb: totalMb } : undefined;
}
