import type { TextBlock, TextSpan } from '../../../protocol/lesson-text.ts';
import { scrollable } from '../parts/scrollable.ts';
import { words } from '../words.ts';
import { linkTarget } from './link-target.ts';

/* Texts do not change while they are shown: places are keys enough. */

/** A text of a lesson: elements are made of what was read of it, and nothing of it is markup. */
export const RichText = ({ blocks }: { readonly blocks: readonly TextBlock[] }) => (
  <>
    {blocks.map((block, index) => (
      <Block key={index} block={block} />
    ))}
  </>
);

function Block({ block }: { readonly block: TextBlock }) {
  switch (block.kind) {
    case 'paragraph':
      return (
        <p>
          <Spans spans={block.spans} />
        </p>
      );
    case 'heading':
      return (
        <h3>
          <Spans spans={block.spans} />
        </h3>
      );
    case 'code':
      return <pre>{block.text}</pre>;
    case 'quote':
      return (
        <blockquote>
          <RichText blocks={block.blocks} />
        </blockquote>
      );
    case 'list':
      return <Items list={block} />;
    case 'table':
      return <Cells table={block} />;
    case 'rule':
      return <hr />;
  }
}

function Items({ list: { items, start } }: { readonly list: Extract<TextBlock, { readonly kind: 'list' }> }) {
  const all = items.map((item, index) => (
    <li key={index}>
      <RichText blocks={item} />
    </li>
  ));
  return start === undefined ? <ul>{all}</ul> : <ol start={start}>{all}</ol>;
}

const Cells = ({ table: { head, rows } }: { readonly table: Extract<TextBlock, { readonly kind: 'table' }> }) => (
  <div {...scrollable(words.ofLessons.panel)}>
    <table>
      <thead>
        <tr>
          {head.map((spans, index) => (
            <th key={index} scope="col">
              <Spans spans={spans} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {row.map((spans, place) => (
              <td key={place}>
                <Spans spans={spans} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const Spans = ({ spans }: { readonly spans: readonly TextSpan[] }) => (
  <>
    {spans.map((span, index) => (
      <Span key={index} span={span} />
    ))}
  </>
);

function Span({ span }: { readonly span: TextSpan }) {
  switch (span.kind) {
    case 'text':
      return <>{span.text}</>;
    case 'code':
      return <code>{span.text}</code>;
    case 'strong':
      return (
        <strong>
          <Spans spans={span.spans} />
        </strong>
      );
    case 'emphasis':
      return (
        <em>
          <Spans spans={span.spans} />
        </em>
      );
    case 'link':
      return <Link link={span} />;
    case 'break':
      return <br />;
  }
}

function Link({ link: { href, spans } }: { readonly link: Extract<TextSpan, { readonly kind: 'link' }> }) {
  const target = linkTarget(href);
  if (target === undefined) return <Spans spans={spans} />;
  const outside = target.isOutside ? { target: '_blank', rel: 'noreferrer' } : {};
  return (
    <a href={target.href} {...outside}>
      <Spans spans={spans} />
    </a>
  );
}
