import { lastLines } from '../../docker/docker-engine.ts';

/** How much is kept of each machine, and of Vagrant itself. */
const kept = 40;
/** How many lines of each are shown. */
const shown = { machine: 8, vagrant: 4 };

/** What `vagrant` prints, kept so that a failure can be told. */
export interface VagrantOutput {
  readonly add: (line: string) => void;
  /** The last lines of the machines that failed, each with its name; behind them Vagrant's own. */
  readonly failure: () => string;
}

/**
 * A line of a machine is `==> NAME: …` or `    NAME: …`; what a provisioner prints is among them. What Vagrant says
 * itself at the end names the machines that failed only when several actions ran side by side (`batch_vagrant_error` of
 * its locale); else it was the one that spoke last.
 */
export function vagrantOutput(): VagrantOutput {
  const byMachine = new Map<string, string[]>();
  const own: string[] = [];
  let last: string | undefined;
  return {
    add: (line) => {
      // Of an error that nobody caught the first line says what it was.
      if (/^\s+from \//.test(line)) return;
      const [, name, text] = /^(?:==>| {3}) ([^\s:]+): ?(.*)$/.exec(line) ?? [];
      const lines = name === undefined ? own : (byMachine.get(name) ?? []);
      if (name !== undefined) {
        byMachine.set(name, lines);
        last = name;
      }
      lines.push(name === undefined ? line : `${name}: ${text ?? ''}`);
      if (lines.length > kept) lines.shift();
    },
    failure: () => {
      const named = own.join('\n').matchAll(/the action on the\s+'([^']+)'\s+machine/g);
      const failed = [...new Set([...named].flatMap(([, name]) => name ?? []))];
      const machines = failed.length > 0 ? failed : last === undefined ? [] : [last];
      const texts = machines.map((name) => lastLines((byMachine.get(name) ?? []).join('\n'), shown.machine));
      return lastLines([...texts, lastLines(own.join('\n'), shown.vagrant)].join('\n'), Infinity);
    },
  };
}
