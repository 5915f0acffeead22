/** The time of a day. */
export const time = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** A time of this day, or with its day. @param at milliseconds since 1970, or as ISO 8601 says it */
export function When({ at }: { readonly at: number | string | undefined }) {
  const date = new Date(at ?? Number.NaN);
  if (Number.isNaN(date.getTime())) return <span />;
  const day = date.toDateString() === new Date().toDateString() ? '' : `${date.toLocaleDateString('sv')} `;
  return (
    <time dateTime={date.toISOString()} title={date.toISOString()}>
      {day}
      {time.format(date)}
    </time>
  );
}
