/** See build.mjs. */
export function buildDist(options?: { readonly entry?: string; readonly outDir?: string }): Promise<void>;
