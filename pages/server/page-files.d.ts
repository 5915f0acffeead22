/** Made by scripts/build/page-plugin.mjs of pages/app. */
declare module 'page-files' {
  const files: { readonly html: string; readonly script: string; readonly style: string };
  export default files;
}
