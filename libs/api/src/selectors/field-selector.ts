import { SelectorError } from './error';

export interface FieldTerm {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** Terms on named fields of an object that must all hold. */
export class FieldSelector {
  static readonly everything = new FieldSelector([]);

  constructor(readonly terms: readonly FieldTerm[]) {}

  /** `valueOf` gives a field's text, '' when the object does not have it. */
  matches(valueOf: (field: string) => string): boolean {
    for (const { field, operator, value } of this.terms) {
      if ((valueOf(field) === value) !== (operator === '=')) return false;
    }
    return true;
  }

  get isEmpty(): boolean {
    return this.terms.length === 0;
  }

  /** The value that a field must have, when the selector names one (`metadata.name=x` makes a list a get). */
  exact(field: string): string | undefined {
    return this.terms.find((term) => term.field === field && term.operator === '=')?.value;
  }

  toString(): string {
    return this.terms.map(({ field, operator, value }) => `${field}${operator}${escape(value)}`).join(',');
  }
}

/**
 * Reads the `fieldSelector` parameter: `metadata.name=x,status.phase!=Running`, with `\`, `,` and `=` in values escaped by `\`.
 * Throws {@link SelectorError}. Which fields a kind offers is checked by the caller.
 */
export function parseFieldSelector(text: string | undefined): FieldSelector {
  if (text === undefined || text === '') return FieldSelector.everything;
  const parts = text.match(/(?:[^\\,]|\\[^]?)+/g) ?? [];
  return new FieldSelector(parts.map((part) => parseTerm(part, text)));
}

function parseTerm(part: string, text: string): FieldTerm {
  const match = /^((?:[^\\=!]|\\[^]|!(?!=))*)(==|!=|=)([^]*)$/.exec(part);
  if (!match) throw new SelectorError(`invalid selector: '${text}'; can't understand '${part}'`);
  const [, field = '', operator, value = ''] = match;
  return { field, operator: operator === '!=' ? '!=' : '=', value: unescape(value) };
}

function unescape(value: string): string {
  return value.replace(/\\([^]?)|[,=]/g, (found, escaped: string | undefined) => {
    if (escaped === '\\' || escaped === ',' || escaped === '=') return escaped;
    if (escaped === undefined)
      throw new SelectorError(`invalid field selector: unescaped character in value: ${found}`);
    throw new SelectorError(`invalid field selector: invalid escape sequence: ${found}`);
  });
}

function escape(value: string): string {
  return value.replace(/[\\,=]/g, '\\$&');
}
