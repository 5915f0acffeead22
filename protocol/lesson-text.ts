/*
 * A text of a lesson, read: what `learn --json` prints, a terminal shows and a page shows. Nothing of it is markup, and
 * a link leads wherever its writer wants: whoever makes one of it looks at it first.
 */

/** A piece of a line. */
export type TextSpan =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis'; readonly spans: readonly TextSpan[] }
  | { readonly kind: 'link'; readonly href: string; readonly spans: readonly TextSpan[] }
  | { readonly kind: 'break' };

/** What stands by itself. */
export type TextBlock =
  | { readonly kind: 'paragraph'; readonly spans: readonly TextSpan[] }
  | { readonly kind: 'heading'; readonly depth: number; readonly spans: readonly TextSpan[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'quote'; readonly blocks: readonly TextBlock[] }
  | {
      readonly kind: 'list';
      /** Of the first item; missing: they have no numbers. */
      readonly start?: number;
      /** There is space between its items. */
      readonly isLoose: boolean;
      readonly items: readonly (readonly TextBlock[])[];
    }
  | {
      readonly kind: 'table';
      readonly head: readonly (readonly TextSpan[])[];
      readonly rows: readonly (readonly (readonly TextSpan[])[])[];
    }
  | { readonly kind: 'rule' };
