import type { AgentFiles } from './agent-files.ts';
import type { LogLine, LogSource } from './log-line.ts';
import { OutputFile } from './output-file.ts';
import { sandboxesIn, type Sandbox } from './sandboxes.ts';

/** Which tasks are shown. */
export interface TaskChoice {
  /** Of those that an agent has when it is first looked at. */
  readonly atFirst: (sandboxes: readonly Sandbox[]) => readonly Sandbox[];
  /** Of those that come later, by their ids. */
  readonly later: (taskId: string) => boolean;
}

/** What is shown of an agent's tasks, and to whom. */
export interface TaskView {
  readonly choice: TaskChoice;
  /** How many of the last lines of each file that is there at first. */
  readonly tail: number;
  /** Milliseconds since 1970: files that were written last before it are read from their end on. */
  readonly since?: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onLine: (line: LogLine) => void;
}

/** Folders that an agent does not name any more. */
const mostGone = 10_000;

const streams = ['stdout', 'stderr'] as const;

/** Follows the output of an agent's tasks by looking again and again; where a look breaks off, the next one goes on. */
export class AgentWatch {
  readonly name: string;
  readonly #files: AgentFiles;
  readonly #view: TaskView;
  /** By folder: shown, or known and not wanted. */
  readonly #known = new Map<string, readonly OutputFile[]>();
  #isFirst = true;

  constructor(name: string, files: AgentFiles, view: TaskView) {
    this.name = name;
    this.#files = files;
    this.#view = view;
  }

  /** Hands over what was written since the look before. @throws as AgentFiles */
  async look(): Promise<void> {
    const sandboxes = sandboxesIn(await this.#files.state());
    const fresh = sandboxes.filter(({ directory }) => !this.#known.has(directory));
    const { choice } = this.#view;
    const chosen = new Set(this.#isFirst ? choice.atFirst(fresh) : fresh.filter(({ id }) => choice.later(id)));
    for (const sandbox of fresh) {
      this.#known.set(sandbox.directory, chosen.has(sandbox) ? await this.#open(sandbox) : []);
    }
    this.#isFirst = false;
    for (const { directory, isOver } of sandboxes) await this.#readAll(directory, isOver);
    this.#forget(new Set(sandboxes.map(({ directory }) => directory)));
  }

  /** Hands over lines that have no end, for there is no look any more. */
  end(): void {
    for (const file of [...this.#known.values()].flat()) this.#tell(file, file.rest(), this.#view.now(), 'read');
  }

  async #open(sandbox: Sandbox): Promise<readonly OutputFile[]> {
    const files = streams.map((stream) => {
      const source = sourceOf(sandbox.id, stream, this.name);
      return new OutputFile(source, `${sandbox.directory}/${stream}`, this.#files.read);
    });
    if (!this.#isFirst) return files;
    const { tail, since = 0, now } = this.#view;
    const listed = await this.#files.list(sandbox.directory);
    const lines = await Promise.all(
      files.map(async (file) => {
        const there = listed.find(({ name }) => name === file.source.stream);
        if (there === undefined) return [];
        const lines = await file.openAtEnd(there.size, there.changedAt < since ? 0 : tail, now());
        // Of a task that is over nothing more comes behind what it wrote last.
        const rest = sandbox.isOver ? file.rest() : [];
        return there.changedAt < since ? [] : [...lines, ...rest];
      }),
    );
    for (const [index, file] of files.entries()) {
      const changedAt = listed.find(({ name }) => name === file.source.stream)?.changedAt ?? now();
      this.#tell(file, lines[index] ?? [], changedAt, 'file');
    }
    return files;
  }

  async #readAll(directory: string, isOver: boolean): Promise<void> {
    const files = this.#known.get(directory) ?? [];
    let areAtEnd = true;
    for (const file of files) {
      const { lines, atEnd } = await file.readMore(this.#view.now());
      this.#tell(file, lines, this.#view.now(), 'read');
      areAtEnd &&= atEnd;
    }
    if (!isOver || !areAtEnd || files.length === 0) return;
    for (const file of files) this.#tell(file, file.rest(), this.#view.now(), 'read');
    this.#known.set(directory, []);
  }

  /** An agent that recovers knows nothing for a moment: what is gone is kept in mind for long. */
  #forget(there: ReadonlySet<string>): void {
    for (const directory of this.#known.keys()) {
      if (this.#known.size <= there.size + mostGone) return;
      if (!there.has(directory)) this.#known.delete(directory);
    }
  }

  #tell({ source }: OutputFile, lines: readonly string[], at: number, timeOf: LogLine['timeOf']): void {
    for (const text of lines) this.#view.onLine({ source, text, at, timeOf });
  }
}

/** Ids of Marathon's tasks have 36 characters that only tell them apart, of which eight do. */
function sourceOf(id: string, stream: 'stdout' | 'stderr', agent: string): LogSource {
  const short = id.replace(/\.(?:instance-)?([0-9a-f]{8})-[0-9a-f-]{27}(?:\._app\.\d+)?/, '.$1');
  return { id, name: `${short} ${stream}`, family: id.split('.')[0] ?? id, kind: 'task', stream, agent };
}
