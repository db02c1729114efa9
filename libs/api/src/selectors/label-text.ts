import { isLabelValue, isQualifiedName } from '../names';
import { SelectorError } from './error';
import { isInteger, Selector, type Requirement, type SelectorOperator } from './selector';

/**
 * Reads the `labelSelector` parameter: `a=b,c in (x,y),!d,e!=f,g notin (z),h,i>3`.
 * Empty text selects everything. Throws {@link SelectorError}.
 */
export function parseLabelSelector(text: string | undefined): Selector {
  return text === undefined || text.trim() === '' ? Selector.everything : new Parser(text).selector();
}

const SYMBOLS = new Set(['(', ')', ',', '!', '=', '==', '!=', '>', '<']);
const TOKEN = /\s*(==|!=|[(),!=<>]|[^\s(),!=<>]+)/g;
const END = '';

const OPERATORS: Readonly<Record<string, SelectorOperator>> = {
  in: 'In',
  notin: 'NotIn',
  '=': 'In',
  '==': 'In',
  '!=': 'NotIn',
  '>': 'Gt',
  '<': 'Lt',
};

class Parser {
  private readonly tokens: string[];
  private position = 0;

  constructor(text: string) {
    this.tokens = [...text.trimEnd().matchAll(TOKEN)].map((match) => match[1]!);
  }

  selector(): Selector {
    const requirements: Requirement[] = [];
    for (;;) {
      requirements.push(this.requirement());
      const token = this.next();
      if (token === END) return Selector.of(requirements);
      if (token !== ',') throw new SelectorError(`found '${token}', expected: ',' or 'end of string'`);
      if (!this.startsRequirement()) {
        throw new SelectorError(`found '${this.peek()}', expected: identifier after ','`);
      }
    }
  }

  private requirement(): Requirement {
    if (!this.startsRequirement()) {
      throw new SelectorError(`found '${this.peek()}', expected: !, identifier, or 'end of string'`);
    }
    try {
      return this.checked(this.condition());
    } catch (error) {
      throw new SelectorError(`unable to parse requirement: ${(error as Error).message}`);
    }
  }

  private condition(): Requirement {
    if (this.peek() === '!') {
      this.next();
      return { key: this.identifier(), operator: 'DoesNotExist', values: [] };
    }
    const key = this.identifier();
    if (this.peek() === END || this.peek() === ',') return { key, operator: 'Exists', values: [] };
    const sign = this.next();
    const operator = OPERATORS[sign];
    if (!operator) throw new SelectorError(`found '${sign}', expected: in, notin, =, ==, !=, gt, lt`);
    return { key, operator, values: sign === 'in' || sign === 'notin' ? this.values() : [this.exactValue()] };
  }

  private checked(requirement: Requirement): Requirement {
    const { key, operator, values } = requirement;
    const wrongKey = isQualifiedName(key);
    if (wrongKey.length > 0)
      throw new SelectorError(`key: Invalid value: ${JSON.stringify(key)}: ${wrongKey.join('; ')}`);
    values.forEach((value, i) => {
      const wrong = isLabelValue(value);
      if ((operator === 'Gt' || operator === 'Lt') && !isInteger(value)) {
        wrong.push("for 'Gt', 'Lt' operators, the value must be an integer");
      }
      if (wrong.length > 0) {
        throw new SelectorError(`values[${i}][${key}]: Invalid value: ${JSON.stringify(value)}: ${wrong.join('; ')}`);
      }
    });
    return requirement;
  }

  private values(): string[] {
    if (this.next() !== '(') throw new SelectorError(`found '${this.previous()}' expected: '('`);
    const values: string[] = [];
    for (;;) {
      values.push(this.peek() === ',' || this.peek() === ')' ? '' : this.identifier("',', ')' or identifier"));
      const token = this.next();
      if (token === ')') return values;
      if (token !== ',') throw new SelectorError(`found '${token}', expected: ',' or ')'`);
    }
  }

  private exactValue(): string {
    return this.peek() === END || this.peek() === ',' ? '' : this.identifier();
  }

  private identifier(expected = 'identifier'): string {
    const token = this.next();
    if (token === END || SYMBOLS.has(token)) throw new SelectorError(`found '${token}', expected: ${expected}`);
    return token;
  }

  private startsRequirement(): boolean {
    const token = this.peek();
    return token === '!' || (token !== END && !SYMBOLS.has(token));
  }

  private peek(): string {
    return this.tokens[this.position] ?? END;
  }

  private next(): string {
    return this.tokens[this.position++] ?? END;
  }

  private previous(): string {
    return this.tokens[this.position - 1] ?? END;
  }
}
