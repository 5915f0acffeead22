import ejs from 'ejs';

/**
 * Compiles an EJS template to an ES module whose default export is `(it, quote) => string` (see templates/ejs.d.ts).
 * The module is self-contained: ejs is needed when building, never when running.
 * @param {string} text the template
 * @param {string} fileName named when the template does not compile
 * @returns {string} JavaScript source
 * @throws {Error} when a tag is not closed or its code does not parse
 */
export function compileTemplate(text, fileName) {
  const template = new ejs.Template(text.replaceAll('\r\n', '\n'), {
    strict: true,
    _with: false,
    localsName: 'it',
    compileDebug: false,
    filename: fileName,
  });
  try {
    template.compile();
  } catch (error) {
    throw new Error(`${fileName}: ${error.message.split('\n', 1)[0]}`, { cause: error });
  }
  // ejs calls the function that quotes `<%= value %>` escapeFn. Modules are strict code without saying so.
  return `export default function render(it, escapeFn) {\n${template.source}}\n`;
}

/** `import render from './x.ejs'`, for Rolldown, for Vite and so for Vitest. */
export const ejsPlugin = {
  name: 'ejs',
  transform(text, id) {
    return id.endsWith('.ejs') ? { code: compileTemplate(text, id), map: null, moduleType: 'js' } : undefined;
  },
};
