/** Kubernetes' own limit on nesting; deeper documents are attacks on whoever walks them. */
const MAX_DEPTH = 10_000;

export interface ParsedJson {
  value: unknown;
  /** Paths of keys that occur twice in one object, which `JSON.parse` hides: `spec.replicas`. */
  duplicates: string[];
}

/**
 * Parses a document and tells which fields it gives twice (the last one wins).
 * Throws SyntaxError when it is no JSON, RangeError when it is nested too deeply.
 */
export function parseJson(text: string): ParsedJson {
  const value: unknown = JSON.parse(text);
  const scan = scanKeys(text);
  if (scan.depth > MAX_DEPTH) throw new RangeError('exceeded max depth');
  return { value, duplicates: scan.keys === countKeys(value) ? [] : findDuplicates(text) };
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** Counts keys, and how deep objects and lists nest, in a text known to be valid JSON. */
function scanKeys(text: string): { keys: number; depth: number } {
  let keys = 0;
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = endOfString(text, i);
    else if (code === COLON) keys++;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return { keys, depth: deepest };
}

/** The index of the quote that ends the string which starts at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, index: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(index - 1 - slashes) === BACKSLASH) slashes++;
  return slashes % 2 === 1;
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let keys = 0;
  if (Array.isArray(value)) {
    for (const item of value) keys += countKeys(item);
    return keys;
  }
  const object = value as Record<string, unknown>;
  for (const name in object) keys += 1 + countKeys(object[name]);
  return keys;
}

interface Frame {
  path: string;
  /** Keys seen so far; undefined in a list. */
  names?: Set<string>;
  /** In an object: whether the next string is a key. */
  key: boolean;
  index: number;
  /** Path of the value that comes next. */
  next: string;
}

/** The slow way, taken only when the counts differ: follows the path of every key. */
function findDuplicates(text: string): string[] {
  const found: string[] = [];
  const frames: Frame[] = [{ path: '', key: false, index: 0, next: '' }];
  for (let i = 0; i < text.length; i++) {
    const frame = frames.at(-1)!;
    const sign = text[i];
    if (sign === '"') {
      const end = endOfString(text, i);
      if (frame.key) enter(frame, JSON.parse(text.slice(i, end + 1)) as string, found);
      i = end;
    } else if (sign === '{') frames.push({ path: frame.next, names: new Set(), key: true, index: 0, next: '' });
    else if (sign === '[') frames.push({ path: frame.next, key: false, index: 0, next: `${frame.next}[0]` });
    else if (sign === '}' || sign === ']') frames.pop();
    else if (sign === ',') advance(frame);
  }
  return found;
}

function enter(frame: Frame, name: string, found: string[]): void {
  frame.key = false;
  frame.next = frame.path ? `${frame.path}.${name}` : name;
  if (frame.names!.has(name)) found.push(frame.next);
  frame.names!.add(name);
}

function advance(frame: Frame): void {
  if (frame.names) frame.key = true;
  else frame.next = `${frame.path}[${++frame.index}]`;
}
