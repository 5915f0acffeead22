/** Version of this package, from package.json: put in when it is built (scripts/build/build.mjs) and tested (vitest.config.ts). */
declare const __VERSION__: string;

/** When it was built, in seconds since 1970: the time of the commit that it was built from, so that builds are alike. */
declare const __BUILD_TIME__: number;
