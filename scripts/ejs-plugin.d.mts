import type { Plugin as EsbuildPlugin } from 'esbuild';
import type { Plugin as VitePlugin } from 'vite';

/** See ejs-plugin.mjs. */
export function compileTemplate(text: string, fileName: string): string;
export const ejsForEsbuild: EsbuildPlugin;
export const ejsForVite: VitePlugin;
