import { describe, expect, it } from 'vitest';
import { compileTemplate } from '../../scripts/build/ejs-plugin.mjs';

type Render = (it: Readonly<Record<string, unknown>>, quote: (value: unknown) => string) => string;

/** Loads a template the way a bundle does: as the source of a module. */
async function load(template: string): Promise<Render> {
  const source = compileTemplate(template, 'x.ejs');
  const module = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as { default: Render };
  return module.default;
}

const quote = (value: unknown) => `«${String(value)}»`;

describe('a compiled template', () => {
  it('quotes <%= %> with the function of the call, and leaves <%- %> as it is', async () => {
    const render = await load('a <%= it.x %> b <%- it.x %>\n');
    expect(render({ x: '<&>' }, quote)).toBe('a «<&>» b <&>\n');
  });

  it('trims lines that hold only code', async () => {
    const render = await load('start\n  <%_ for (const x of it.list) { _%>\n- <%= x %>\n<% } -%>\nend\n');
    expect(render({ list: [1, 2] }, quote)).toBe('start\n- «1»\n- «2»\nend\n');
  });

  it('is the same with Windows line ends', () => {
    expect(compileTemplate('a\r\n<%= it.x %>\r\n', 'x.ejs')).toBe(compileTemplate('a\n<%= it.x %>\n', 'x.ejs'));
  });

  it('knows its values only by the name `it`', async () => {
    const render = await load('<%= x %>');
    expect(() => render({ x: 1 }, quote)).toThrow(ReferenceError);
  });

  it('carries nothing of ejs with it', () => {
    expect(compileTemplate('<%= it.x %>', 'x.ejs')).not.toMatch(/rethrow|import|require/);
  });
});

describe('a template that does not compile', () => {
  it.each(['<%= it.x', '<% if ( %>'])('is named: %s', (template) => {
    expect(() => compileTemplate(template, 'templates/broken.ejs')).toThrow(/templates\/broken\.ejs/);
  });
});
