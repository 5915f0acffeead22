import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { words } from '../words.ts';

/** What is known of something, by name; what is not known is left out. */
export const Facts = ({ facts }: { readonly facts: Readonly<Record<string, ComponentChildren>> }) => (
  <dl class="fact-list">
    {Object.entries(facts).map(
      ([name, value]) =>
        value !== undefined &&
        value !== '' && (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
    )}
  </dl>
);

const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });

/** A time; nothing where none is said. @param at milliseconds since 1970 */
export const timeOf = (at: number | undefined) =>
  at === undefined || at === 0 ? undefined : <time dateTime={new Date(at).toISOString()}>{full.format(at)}</time>;

/** What is made only while it is open: much of it asks somebody. */
export function Fold({ title, children }: { readonly title: string; readonly children: () => ComponentChildren }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details
      class="fold"
      onToggle={({ currentTarget }) => {
        setIsOpen(currentTarget.open);
      }}
    >
      <summary>{title}</summary>
      {isOpen && children()}
    </details>
  );
}

/** Why something asked for is not known; nothing, if it is. */
export const Trouble = ({ trouble }: { readonly trouble: string }) =>
  trouble === '' ? null : (
    <p class="note" role="status">
      {trouble}
    </p>
  );

/** What is looked for, and not there. */
export const NotKnown = ({ what, id }: { readonly what: string; readonly id: string }) => (
  <p class="note">{words.notKnown(what, id)}</p>
);
