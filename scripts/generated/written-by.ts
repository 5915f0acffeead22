/** The first line of a generated Markdown file. */
export const writtenBy = (source: string): string =>
  `<!-- Written by \`npm run generated\` from ${source}: change that, not this. -->\n`;
