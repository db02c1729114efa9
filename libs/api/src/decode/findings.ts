/**
 * What a reader found wrong. Findings are made with the innermost name only; each enclosing reader puts its own name
 * before it on the way out, so that documents without findings never pay for paths.
 */
export type Finding =
  | { problem: 'mismatch'; path: string; actual: string; wanted: string; struct?: string }
  | { problem: 'malformed'; message: string }
  | { problem: 'unknown'; path: string; suggestion?: string };

export class Findings {
  readonly found: Finding[] = [];

  /** A value of another type than `wanted`, which is named as Go does. */
  mismatch(value: unknown, wanted: string): unknown {
    this.found.push({ problem: 'mismatch', path: '', actual: describe(value), wanted });
    return undefined;
  }

  /** Text that is not what it should be; the message stands for itself. */
  malformed(message: string): unknown {
    this.found.push({ problem: 'malformed', message });
    return undefined;
  }

  unknown(name: string, known: Iterable<string>): void {
    this.found.push({ problem: 'unknown', path: name, suggestion: closest(name, known) });
  }

  /** Puts a field's name before the findings made since there were `before`. Go names the struct that has the field. */
  inField(before: number, name: string, struct: string): void {
    for (let i = before; i < this.found.length; i++) {
      const finding = this.found[i]!;
      if (finding.problem === 'malformed') continue;
      finding.path = join(name, finding.path);
      if (finding.problem === 'mismatch') finding.struct ??= struct;
      else if (finding.suggestion) finding.suggestion = join(name, finding.suggestion);
    }
  }

  /** The same for an item of a list (`[3]`) or an entry of a map; Go leaves those out when a type is wrong. */
  inEntry(before: number, entry: string): void {
    for (let i = before; i < this.found.length; i++) {
      const finding = this.found[i]!;
      if (finding.problem !== 'unknown') continue;
      finding.path = join(entry, finding.path);
      if (finding.suggestion) finding.suggestion = join(entry, finding.suggestion);
    }
  }

  /** The first value that could not be read, in the words of Go's decoder. */
  firstError(): string | undefined {
    for (const finding of this.found) {
      if (finding.problem === 'malformed') return finding.message;
      if (finding.problem === 'mismatch') {
        const { actual, wanted, struct, path } = finding;
        const target = struct ? `Go struct field ${struct}.${path}` : 'Go value';
        return `json: cannot unmarshal ${actual} into ${target} of type ${wanted}`;
      }
    }
    return undefined;
  }

  /** `unknown field "spec.replica"`, with a suggestion where one is near. */
  unknownFields(): string[] {
    return this.found.flatMap((finding) => {
      if (finding.problem !== 'unknown') return [];
      const hint = finding.suggestion ? `; did you mean "${finding.suggestion}"?` : '';
      return [`unknown field "${finding.path}"${hint}`];
    });
  }
}

function join(name: string, path: string): string {
  if (path === '') return name;
  return path.startsWith('[') ? name + path : `${name}.${path}`;
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && Math.abs(value) < 2 ** 31 ? 'number' : `number ${value}`;
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** The known name that a typing mistake or two away is the given one. */
function closest(name: string, known: Iterable<string>): string | undefined {
  const limit = name.length > 4 ? 2 : 1;
  let best: { name: string; distance: number } | undefined;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) > limit) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit && distance < (best?.distance ?? Infinity)) best = { name: candidate, distance };
  }
  return best?.name;
}

/** Levenshtein's distance, one row at a time. Field names are short; so is what is compared with them. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
