/** An EJS template, compiled when the package is built (scripts/build/ejs-plugin.mjs): no template is parsed at run time. */
declare module '*.ejs' {
  /**
   * @param it the values the template names
   * @param quote called with every `<%= value %>`: quotes it for the language that is written (never HTML)
   */
  const render: (it: Readonly<Record<string, unknown>>, quote: (value: unknown) => string) => string;
  export default render;
}
