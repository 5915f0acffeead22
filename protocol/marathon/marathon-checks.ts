/** A line for the shell, or a program with its arguments (mesosCommand.raml). */
export type ShellOrArgv = { readonly shell: string } | { readonly argv: readonly string[] };

/** What Mesos looks at without judging it: one of the three (AppCheck of check.raml). */
export interface TaskCheck {
  readonly http?: {
    readonly port?: number;
    readonly portIndex?: number;
    readonly path?: string;
    readonly scheme?: string;
  };
  readonly tcp?: { readonly port?: number; readonly portIndex?: number };
  readonly exec?: { readonly command: ShellOrArgv };
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly delaySeconds: number;
}

/** CheckStatus of check.raml; empty until the check has seen something. */
export interface TaskCheckResult {
  readonly http?: { readonly statusCode: number };
  readonly tcp?: { readonly succeeded: boolean };
  readonly command?: { readonly exitCode: number };
}
