import type { Plugin } from 'vite';

export const coursePlugin: Plugin;
