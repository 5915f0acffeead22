/** See bundle-script.mjs. */
export const root: string;
export function definitions(): { readonly __VERSION__: string; readonly __BUILD_TIME__: string };
export function bundleScript(entry: string): Promise<string>;
