import type { Plugin } from 'vite';

/** See page-plugin.mjs. */
export const pagePlugin: Plugin;
