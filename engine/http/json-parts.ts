import type { HttpAnswer, HttpHeaders, Sink } from './http-answer.ts';

/** JSON that is made while it is sent: neither the whole of it nor the time that it takes is needed at once. */
class JsonParts {
  readonly parts: () => Iterable<string>;
  /** The same as one value. */
  readonly whole: () => unknown;

  constructor(parts: () => Iterable<string>, whole: () => unknown) {
    this.parts = parts;
    this.whole = whole;
  }
}

/**
 * A list of what there is now; each item is described when its turn comes.
 * @param describe gives a value of JSON, or of objectOf or listOf
 */
export function listOf<Item>(items: Iterable<Item>, describe: (item: Item) => unknown): unknown {
  const all = [...items];
  return new JsonParts(
    function* parts() {
      let before = '[';
      for (const item of all) {
        yield before;
        yield* textOf(describe(item));
        before = ',';
      }
      yield before === '[' ? '[]' : ']';
    },
    () => all.map((item) => wholeOf(describe(item))),
  );
}

/** An object with lists of listOf among its fields, in it or in objects of objectOf. */
export function objectOf(fields: Readonly<Record<string, unknown>>): unknown {
  return new JsonParts(
    function* parts() {
      let before = '{';
      for (const [name, value] of Object.entries(fields)) {
        if (value === undefined) continue;
        yield `${before}${JSON.stringify(name)}:`;
        yield* textOf(value);
        before = ',';
      }
      yield before === '{' ? '{}' : '}';
    },
    () => Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, wholeOf(value)])),
  );
}

/** JSON that is there already; it is parsed only for who wants the value. */
export function jsonText(text: string): unknown {
  return new JsonParts(
    () => [text],
    () => JSON.parse(text) as unknown,
  );
}

/** A value of objectOf or listOf as the value that its JSON stands for; others are what they are. */
export function wholeOf(value: unknown): unknown {
  return value instanceof JsonParts ? value.whole() : value;
}

function textOf(value: unknown): Iterable<string> {
  if (value instanceof JsonParts) return value.parts();
  // As in a list: what JSON cannot say is null.
  return [value === undefined ? 'null' : JSON.stringify(value)];
}

/** Characters that are made in one turn of the event loop: a millisecond or two. */
const sliceLength = 128 * 1024;
/** Of the rest of a long answer: some milliseconds, as each of its turns waits for all else that is done. */
const longSliceLength = 4 * sliceLength;

/** The JSON in slices; what is in lists is described when its slice is asked for. */
export function* slicesOf(value: unknown): Iterable<string> {
  const parts = textOf(value)[Symbol.iterator]();
  for (let isLast = false; !isLast;) {
    const slice = nextSlice(parts);
    yield slice.text;
    isLast = slice.isLast;
  }
}

/** An answer in JSON: at once when it is small, else slice by slice, as fast as the client takes it. */
export function jsonPartsAnswer(status: number, value: unknown, headers: HttpHeaders = {}): HttpAnswer {
  const parts = textOf(value)[Symbol.iterator]();
  const common = { status, headers: { 'Content-Type': 'application/json', ...headers } };
  const first = nextSlice(parts);
  if (first.isLast) return { ...common, body: first.text };
  return {
    ...common,
    stream: (sink) => {
      sendRest(first.text, parts, sink).catch(() => {
        sink.end();
      });
    },
  };
}

function nextSlice(parts: Iterator<string>, length = sliceLength): { readonly text: string; readonly isLast: boolean } {
  let text = '';
  while (text.length < length) {
    const part = parts.next();
    if (part.done === true) return { text, isLast: true };
    text += part.value;
  }
  return { text, isLast: false };
}

async function sendRest(first: string, parts: Iterator<string>, sink: Sink): Promise<void> {
  for (let slice = { text: first, isLast: false }; sink.write(slice.text); slice = nextSlice(parts, longSliceLength)) {
    if (slice.isLast) break;
    await sink.drained();
    await new Promise(setImmediate);
  }
  sink.end();
}
