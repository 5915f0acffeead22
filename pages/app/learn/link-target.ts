/** Where a link of a lesson leads: to another view of the page, or out of it. */
export interface LinkTarget {
  readonly href: string;
  readonly isOutside: boolean;
}

/** Undefined for what is no address of a page: `javascript:` and the like are not followed. */
export function linkTarget(href: string): LinkTarget | undefined {
  if (/^#\/[^\s]*$/.test(href)) return { href, isOutside: false };
  const url = URL.canParse(href) ? new URL(href) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) return undefined;
  return { href: url.href, isOutside: true };
}
