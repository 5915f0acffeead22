import { UserError, type Problem } from '../../errors/user-error.ts';
import { specKind, type YamlKind } from './yaml-kind.ts';

/** A spec larger than this is refused; one of 10,000 nodes takes about 1.5 MB. */
const maxSpecBytes = 8 * 1024 * 1024;

interface YamlFile {
  readonly name: string;
  readonly kind: YamlKind;
}

/** Characters that YAML does not take as they are; a NUL mostly means UTF-16. */

const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/;

/**
 * The text of a YAML file, without a byte order mark. Throws UserError SPEC_FILE (LESSON_FILE) when it is too large, empty, not UTF-8
 * or holds control characters, naming the line and column (and, for bytes that are not UTF-8, the offset).
 */
export function decodeSpecText(bytes: Uint8Array, name: string, kind: YamlKind = specKind): string {
  const file = { name, kind };
  const { noun } = kind;
  if (bytes.byteLength > maxSpecBytes) {
    throw new UserError(
      fileProblem(file, `The ${noun} is too large: ${(bytes.byteLength / 1024 / 1024).toFixed(1)} MB`, 0, '', {
        allowed: `at most ${maxSpecBytes / 1024 / 1024} MB (10,000 nodes take about 1.5 MB)`,
        fix: 'Check that this is the right file',
      }),
    );
  }
  const marked = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (marked) throw new UserError(utf16(file));

  const text = new TextDecoder('utf-8').decode(bytes);
  const badByte = text.includes('\ufffd') ? firstBadByte(text, bytes) : undefined;
  if (badByte !== undefined) {
    throw new UserError(
      fileProblem(
        file,
        `The ${noun} is not UTF-8: byte ${badByte.byte} at offset ${badByte.offset}`,
        badByte.index,
        text,
        {
          found: `byte ${badByte.byte}`,
          allowed: 'text encoded as UTF-8',
          fix: 'Save the file again with the encoding UTF-8; it may be Latin-1 (Windows-1252) now',
        },
      ),
    );
  }
  const control = forbidden.exec(text);
  if (control) throw new UserError(controlCharacter(control, text, file));
  return text;
}

function controlCharacter(control: RegExpExecArray, text: string, file: YamlFile): Problem {
  const code = control[0].charCodeAt(0);
  if (code === 0 && control.index < 2) return utf16(file);
  const name =
    code === 0 ? 'a NUL byte' : `the control character U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return fileProblem(file, `The ${file.kind.noun} holds ${name}`, control.index, text, {
    found: name,
    allowed: 'printable text, line breaks and spaces',
    fix: 'Delete it, or check that this is the right file',
  });
}

const utf16 = (file: YamlFile) =>
  fileProblem(file, `The ${file.kind.noun} is not UTF-8 but UTF-16`, 0, '', {
    found: 'a UTF-16 byte order mark or NUL bytes',
    allowed: 'text encoded as UTF-8',
    fix: 'Save the file again with the encoding UTF-8',
  });

/** A decoder puts U+FFFD where bytes are wrong; all before the first such place is valid, so its offset is exact. */
function firstBadByte(text: string, bytes: Uint8Array) {
  // The decoder drops a leading byte order mark.
  let offset = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let from = 0;
  for (let index = text.indexOf('\ufffd'); index !== -1; index = text.indexOf('\ufffd', from)) {
    offset += Buffer.byteLength(text.slice(from, index));
    const genuine = bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd;
    if (!genuine) return { index, offset, byte: `0x${(bytes[offset] ?? 0).toString(16).padStart(2, '0')}` };
    offset += 3;
    from = index + 1;
  }
  return undefined;
}

function fileProblem(
  { name, kind }: YamlFile,
  message: string,
  index: number,
  text: string,
  details: Pick<Problem, 'found' | 'allowed' | 'fix'>,
): Problem {
  const before = text.slice(0, index);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  const place = { kind: 'file', file: name, line, column: index - lineStart + 1 } as const;
  return { code: kind.codes.file, message, place, ...details };
}
