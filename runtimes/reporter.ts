/** Says what happens to a person who waits; a step reporter of the command line is one. */
export interface Reporter {
  /** Runs an action as a step, which may say what it sees meanwhile. */
  readonly step: <Result>(
    step: { readonly title: string; readonly deadlineMs?: number },
    action: (see: (text: string) => void) => Promise<Result>,
  ) => Promise<Result>;
  /** A line beside the steps. */
  readonly note: (text: string) => void;
  readonly warn: (text: string) => void;
}
