/** Version of this package, from package.json: put in when it is built (scripts/build/build.mjs) and tested (vitest.config.ts). */
declare const __VERSION__: string;
