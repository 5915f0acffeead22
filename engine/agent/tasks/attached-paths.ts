interface Attached {
  readonly agentId: string;
  readonly directory: string;
}

/** Virtual paths of /files to the sandboxes they mean (src/slave/slave.cpp attaches the same). */
export class AttachedPaths extends Map<string, string> {
  readonly #workDir: string;

  constructor(workDir: string) {
    super();
    this.#workDir = workDir;
  }

  attach(sandbox: Attached): void {
    for (const path of this.#pathsOf(sandbox)) this.set(path, sandbox.directory);
  }

  detach(sandbox: Attached): void {
    for (const path of this.#pathsOf(sandbox)) {
      if (this.get(path) === sandbox.directory) this.delete(path);
    }
  }

  #pathsOf({ directory, agentId }: Attached): readonly string[] {
    const latest = `${directory.slice(0, directory.lastIndexOf('/'))}/latest`;
    return [directory, latest, latest.slice(`${this.#workDir}/slaves/${agentId}`.length)];
  }
}
