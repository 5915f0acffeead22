/** See check.mjs. */
export function runTogether(
  commands: Readonly<Record<string, readonly string[]>>,
  print: (text: string) => void,
): Promise<boolean>;
