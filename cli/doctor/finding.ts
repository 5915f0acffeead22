/** One thing that a lab needs, and whether this machine, or one of the lab's, has it. */
export interface Finding {
  /** The machine of the lab that it is about; this one without it. */
  readonly node?: string;
  readonly need: string;
  readonly ok: boolean;
  /** It is as it should not be, and a lab may run all the same. */
  readonly isWarning?: true;
  /** The version, or what is wrong. */
  readonly found: string;
  readonly fix?: string;
}

/** Whether nothing that was found keeps a lab from running. */
export const allFine = (findings: readonly Finding[]): boolean =>
  findings.every(({ ok, isWarning }) => ok || isWarning === true);
