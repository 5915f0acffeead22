import type { Clock } from '../../platform/clock.ts';
import { coloursFor, type Colours, type Output } from '../../platform/terminal.ts';

/** What is done, and how long it may take. */
export interface Step {
  readonly title: string;
  readonly deadlineMs?: number;
}

/** A step that has begun. */
export interface RunningStep {
  /** What was seen last, while it is not done. */
  readonly see: (text: string) => void;
  /** The evidence stands behind the title. */
  readonly end: (mark: 'done' | 'failed', evidence?: string) => void;
  /** Ends without a line: somebody else writes it. */
  readonly leave: () => void;
}

/** Tells a person what happens, a line per step: a mark, the title, the time it took, and the time it may take. */
export interface StepReporter {
  readonly begin: (step: Step) => RunningStep;
  /** Runs an action as a step. */
  readonly step: <Result>(step: Step, action: (see: RunningStep['see']) => Promise<Result>) => Promise<Result>;
  /** A line beside the steps. */
  readonly note: (text: string) => void;
  readonly warn: (text: string) => void;
}

interface ReporterWorld {
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly colour: boolean;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 100;
/** A line of the terminal that is longer would wrap, and could not be drawn over. */
const mostSeen = 60;

/**
 * In kind's style: on a terminal the running step is drawn over and over with what was seen last; elsewhere each step
 * is one plain line, written when it ends.
 */
export function stepReporter({ stderr, env, clock, colour }: ReporterWorld): StepReporter {
  const colours = coloursFor(stderr, env, colour);
  const draws = stderr.isTerminal && env['TERM'] !== 'dumb';
  const line = (mark: string, text: string) => {
    stderr.write(`${draws ? '\r\u001b[K' : ''} ${mark} ${text}\n`);
  };
  const begin: StepReporter['begin'] = ({ title, deadlineMs }) => {
    const start = clock.now();
    const took = () => colours.dim(`(${duration(clock.now() - start)}${limit(deadlineMs)})`);
    const drawing = draws ? drawStep(stderr, colours, () => `${title} ${took()}`) : undefined;
    return {
      see: (text) => drawing?.see(text),
      end: (mark, evidence = '') => {
        drawing?.end();
        const shown = mark === 'done' ? colours.green('✓') : colours.red('✗');
        line(shown, `${title}${evidence === '' ? '' : `: ${evidence}`} ${took()}`);
      },
      leave: () => {
        drawing?.end();
        if (draws) stderr.write('\r\u001b[K');
      },
    };
  };
  return {
    begin,
    step: async (step, action) => {
      const running = begin(step);
      try {
        const result = await action(running.see);
        running.end('done');
        return result;
      } catch (error) {
        running.end('failed');
        throw error;
      }
    },
    note: (text) => {
      line(colours.cyan('•'), text);
    },
    warn: (text) => {
      line(colours.yellow('!'), text);
    },
  };
}

/** The same, of warnings alone. */
export function quietly({ warn }: StepReporter): StepReporter {
  const say = () => undefined;
  return { begin: () => ({ see: say, end: say, leave: say }), step: (_, action) => action(say), note: say, warn };
}

/** Draws the line of a running step until it ends. */
function drawStep(stderr: Output, colours: Colours, text: () => string) {
  let frame = 0;
  let last = '';
  const draw = () => {
    const mark = frames[frame++ % frames.length] ?? '•';
    const seen = last === '' ? '' : ` ${colours.dim(last.length > mostSeen ? `${last.slice(0, mostSeen)}…` : last)}`;
    stderr.write(`\r\u001b[K ${colours.cyan(mark)} ${text()}${seen}`);
  };
  draw();
  const timer = setInterval(draw, frameMs);
  return {
    see: (seen: string) => {
      last = seen.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
    },
    end: () => {
      clearInterval(timer);
    },
  };
}

const limit = (deadlineMs: number | undefined) =>
  deadlineMs === undefined ? '' : ` of ${Math.round(deadlineMs / 1000)}s`;

/** `12ms`, `0.2s` */
export function duration(ms: number): string {
  return ms < 95 ? `${Math.round(ms)}ms` : `${(ms / 1000).toFixed(1)}s`;
}
