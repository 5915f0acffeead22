import type { Plugin } from 'vite';

/** See ejs-plugin.mjs. */
export function compileTemplate(text: string, fileName: string): string;
export const ejsPlugin: Plugin;
