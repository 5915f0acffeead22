import type { ErrorCode } from 'yaml';
import type { Problem } from '../../errors/user-error.ts';
import { showText } from '../shape/show-value.ts';

type Words = Pick<Problem, 'message' | 'found' | 'allowed' | 'fix'>;

const quoteIt = 'Put the value in double quotes';

/** The YAML library's syntax errors in our words; `NOUN` is what the file is. */
const problems: Readonly<Record<ErrorCode, Omit<Words, 'found'>>> = {
  ALIAS_PROPS: { message: 'An alias (*name) has an anchor or a tag', fix: 'Write the alias alone' },
  BAD_ALIAS: { message: 'This alias (*name) is not one', fix: `${quoteIt}, if it should start with *` },
  BAD_COLLECTION_TYPE: { message: 'This tag does not fit a list or a map', fix: 'Remove the tag' },
  BAD_DIRECTIVE: {
    message: 'The directive at the top (%…) is not one that a NOUN may have',
    allowed: '%YAML 1.2, or none',
    fix: 'Remove the line',
  },
  BAD_DQ_ESCAPE: {
    message: 'A text in double quotes has an unknown escape',
    allowed: '\\\\ \\" \\n \\t \\u0000 and the like',
    fix: 'Write \\\\ for a backslash, or use single quotes',
  },
  BAD_INDENT: {
    message: 'The indentation does not fit the lines above',
    allowed: 'the same number of spaces for all keys of a map, and for all items of a list',
    fix: 'Align it with its neighbours',
  },
  BAD_PROP_ORDER: { message: 'An anchor or tag stands at the wrong place', fix: 'Put it right before the value' },
  BAD_SCALAR_START: { message: 'A value cannot start with this character', fix: quoteIt },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'A second key stands on the line of the first',
    allowed: 'one `key: value` on a line',
    fix: 'Align the keys, each on a line of its own; put a value that contains ": " in double quotes',
  },
  BLOCK_IN_FLOW: { message: 'A block stands inside [ ] or { }', fix: 'Write it inside the brackets on one line' },
  DUPLICATE_KEY: { message: 'A key stands twice in one map', fix: 'Remove one of the two' },
  IMPOSSIBLE: { message: 'This is not YAML', fix: 'Check quotes and indentation on this line and the one above' },
  KEY_OVER_1024_CHARS: { message: 'A key is longer than 1024 characters', fix: 'Check for a missing line break' },
  MISSING_CHAR: {
    message: 'A character is missing here: a colon, a closing quote or a closing bracket',
    allowed: '`key: value` (with a space behind the colon), or a closed quote or bracket',
    fix: 'Add what is missing on this line or where the value starts',
  },
  MULTILINE_IMPLICIT_KEY: {
    message: 'A key goes over several lines, or a line lacks its colon',
    allowed: '`key: value` on one line',
    fix: 'Add the colon, or indent the line if it belongs to the value above',
  },
  MULTIPLE_ANCHORS: { message: 'A value has two anchors (&name)', fix: 'Remove one' },
  MULTIPLE_DOCS: {
    message: 'The file has a second document',
    found: 'a line `---`',
    allowed: 'one document',
    fix: 'Remove what follows, or put it into a file of its own',
  } as Words,
  MULTIPLE_TAGS: { message: 'A value has two tags', fix: 'Remove them' },
  NON_STRING_KEY: { message: 'A key is not a word', allowed: 'plain words as keys', fix: 'Put the key in quotes' },
  RESOURCE_EXHAUSTION: { message: 'The NOUN is too complicated to be read', fix: 'Write it without aliases' },
  TAB_AS_INDENT: {
    message: 'A tab is used for indentation',
    allowed: 'spaces',
    fix: 'Replace the tab by two spaces',
  },
  TAG_RESOLVE_FAILED: {
    message: 'This tag (!…) has no meaning in a NOUN, or does not fit its value',
    allowed: 'values without tags',
    fix: 'Remove the tag; put the value in quotes if it should be text',
  },
  UNEXPECTED_TOKEN: {
    message: 'This does not belong here',
    fix: 'Check quotes, brackets and indentation on this line and the one above',
  },
};

/** The library says only in its message that a bracket is not closed. */
function openBracket(message: string): Omit<Words, 'found'> | undefined {
  const bracket = / and end with a ([\]}])$/.exec(message)?.[1];
  return bracket === undefined
    ? undefined
    : {
        message: `A closing ${bracket} is missing`,
        allowed: bracket === '}' ? '{key: value, key: value}' : '[item, item]',
        fix: `Add ${bracket} where the ${bracket === '}' ? 'map' : 'list'} ends, before this place`,
      };
}

/**
 * What a syntax error says, with the rest of the line it stands on as `found`.
 *
 * @param noun what the file is: a spec
 * @param message the library's own
 */
export function syntaxProblem(
  code: ErrorCode,
  { text, offset, noun }: { readonly text: string; readonly offset: number; readonly noun: string },
  message = '',
): Words {
  const end = text.indexOf('\n', offset);
  const rest = text.slice(offset, Math.min(end === -1 ? text.length : end, offset + 200)).trim();
  const words = openBracket(message) ?? problems[code];
  return {
    found: rest === '' ? 'the end of the line' : showText(rest, 40),
    ...words,
    message: words.message.replace('NOUN', noun),
  };
}
