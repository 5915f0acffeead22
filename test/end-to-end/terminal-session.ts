import { spawn } from '@lydell/node-pty';
import { stripVTControlCharacters } from 'node:util';
import { program } from './built-program.ts';

/** Keys as a terminal sends them. */
export const keys = {
  enter: '\r',
  down: '\u001b[B',
  space: ' ',
  controlC: '\u0003',
  controlD: '\u0004',
  clear: '\u0015',
};

/** A program on a real pseudo-terminal. */
export interface TerminalSession {
  /** Waits until a text has appeared behind everything that was waited for before. */
  readonly see: (text: string) => Promise<void>;
  readonly press: (...typed: readonly string[]) => void;
  readonly kill: (signal: string) => void;
  /** Exit code, once the program has ended. */
  readonly ended: Promise<number>;
  /** Everything that was drawn, as it came. */
  readonly raw: () => string;
  /** The same without the codes of the terminal. */
  readonly text: () => string;
}

/** Starts the built program on a terminal; CI and NO_COLOR of the tests' own environment do not reach it. */
export function openTerminal(
  cwd: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  columns = 120,
  script = program,
): TerminalSession {
  const { CI: _ci, NO_COLOR: _noColor, FORCE_COLOR: _forceColor, npm_command: _npm, ...inherited } = process.env;
  const pty = spawn(process.execPath, [script, ...argv], {
    cwd,
    cols: columns,
    rows: 50,
    name: env.TERM ?? 'xterm-256color',
    env: { ...inherited, ...env },
  });
  let raw = '';
  let seen = 0;
  let changed: () => void = () => undefined;
  pty.onData((data) => {
    raw += data;
    changed();
  });
  const ended = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode }) => {
      // What was drawn last may arrive after the news of the end.
      setTimeout(() => {
        changed();
        resolve(exitCode);
      }, 50);
    });
  });
  const text = () => stripVTControlCharacters(raw);
  const see = async (wanted: string) => {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const at = text().indexOf(wanted, seen);
      if (at >= 0) {
        seen = at + wanted.length;
        return;
      }
      if (Date.now() > deadline) throw new Error(`did not see ${JSON.stringify(wanted)} behind:\n${text()}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000);
        changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  return {
    see,
    press: (...typed) => {
      for (const key of typed) pty.write(key);
    },
    kill: (signal) => {
      process.kill(pty.pid, signal);
    },
    ended,
    raw: () => raw,
    text,
  };
}
