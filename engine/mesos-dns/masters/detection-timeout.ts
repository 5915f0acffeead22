/** What ends when no master is found in time: at the start, and whenever nobody leads any more. */
export interface DetectionTimeout {
  readonly failed: Promise<Error>;
  readonly found: () => void;
  readonly lost: () => void;
}

/** @param seconds 0: there is time for ever */
export function detectionTimeout(seconds: number): DetectionTimeout {
  let timer: NodeJS.Timeout | undefined;
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<Error>((resolve) => {
    fail = resolve;
  });
  const found = () => {
    clearTimeout(timer);
  };
  const lost = () => {
    clearTimeout(timer);
    if (seconds <= 0) return;
    timer = setTimeout(() => {
      fail(new Error(`master detection timed out after ${seconds}s`));
    }, seconds * 1000);
  };
  lost();
  return { failed, found, lost };
}
