/** What scrolls can be scrolled by keys: where there is nothing else in it to stop at, it is itself where they stop. */
export const scrollable = (name: string) =>
  ({ class: 'scroll-x', tabIndex: 0, role: 'group', 'aria-label': name }) as const;
