/** What is wrong with a text, in the words Kubernetes users know; empty when nothing is. */
export type NameRule = (value: string) => string[];

interface Pattern {
  message: string;
  format: string;
  examples?: string[];
  maxLength?: number;
}

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const QUALIFIED_PART = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const QUALIFIED_WORDS =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

export const LABEL_MAX_LENGTH = 63;
export const SUBDOMAIN_MAX_LENGTH = 253;

const subdomainPattern = new RegExp(`^${SUBDOMAIN}$`);
const dnsLabelFormat = patternRule({
  message:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  format: LABEL,
  examples: ['my-name', '123-abc'],
  maxLength: LABEL_MAX_LENGTH,
});

/** A label of a DNS name (RFC 1123): names of namespaces, containers and volumes. */
export const isDnsLabel: NameRule = (value) => {
  const reasons = dnsLabelFormat(value);
  const dotted = value.includes('.') && subdomainPattern.test(value);
  return dotted ? [...reasons.slice(0, -1), 'must not contain dots'] : reasons;
};

/** A DNS name (RFC 1123): names of most objects. */
export const isDnsSubdomain: NameRule = patternRule({
  message:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  format: SUBDOMAIN,
  examples: ['example.com'],
  maxLength: SUBDOMAIN_MAX_LENGTH,
});

/** A DNS label that starts with a letter (RFC 1035): names of services. */
export const isDns1035Label: NameRule = patternRule({
  message:
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  format: '[a-z]([-a-z0-9]*[a-z0-9])?',
  examples: ['my-name', 'abc-123'],
  maxLength: LABEL_MAX_LENGTH,
});

export const isLabelValue: NameRule = patternRule({
  message:
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  format: '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?',
  examples: ['MyValue', 'my_value', '12345'],
  maxLength: LABEL_MAX_LENGTH,
});

const namePart = patternRule({
  message: QUALIFIED_WORDS,
  format: QUALIFIED_PART,
  examples: ['MyName', 'my.name', '123-abc'],
  maxLength: LABEL_MAX_LENGTH,
});

/** A key with an optional DNS prefix (`example.com/name`): keys of labels, annotations, taints and resources. */
export const isQualifiedName: NameRule = (value) => {
  const parts = value.split('/');
  const name = parts.at(-1)!;
  if (parts.length > 2) {
    return [
      `a qualified name ${describe({ message: QUALIFIED_WORDS, format: QUALIFIED_PART, examples: ['MyName', 'my.name', '123-abc'] })}` +
        " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
    ];
  }
  const reasons: string[] = [];
  if (parts.length === 2) {
    if (parts[0] === '') reasons.push('prefix part must be non-empty');
    else reasons.push(...isDnsSubdomain(parts[0]!).map((reason) => `prefix part ${reason}`));
  }
  if (name === '') reasons.push('name part must be non-empty');
  return [...reasons, ...namePart(name).map((reason) => `name part ${reason}`)];
};

const configKey = patternRule({
  message: "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  format: '[-._a-zA-Z0-9]+',
  examples: ['key.name', 'KEY_NAME', 'key-name'],
  maxLength: SUBDOMAIN_MAX_LENGTH,
});

/** A key of a ConfigMap or Secret: it may become a file name. */
export const isConfigKey: NameRule = (value) => [...configKey(value), ...leavesFolder(value)];

const PRINTABLE_BUT_EQUALS = /^[ -<>-~]*$/;

/** A name of an environment variable: printable ASCII without `=`. */
export const isEnvName: NameRule = (value) => {
  if (value === '') return ['environment variable name must be non-empty'];
  if (PRINTABLE_BUT_EQUALS.test(value)) return [];
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
};

/** A service name of IANA (RFC 6335): names of container ports. */
export const isPortName: NameRule = (value) => {
  const reasons: string[] = [];
  if (value.length > 15) reasons.push(tooLong(15));
  if (!/^[-a-z0-9]+$/.test(value)) {
    reasons.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  }
  if (!/[a-z]/.test(value)) reasons.push('must contain at least one letter (a-z)');
  if (value.includes('--')) reasons.push('must not contain consecutive hyphens');
  if (value.startsWith('-') || value.endsWith('-')) reasons.push('must not begin or end with a hyphen');
  return reasons;
};

export const isHttpHeaderName: NameRule = patternRule({
  message: "a valid HTTP header must consist of alphanumeric characters or '-'",
  format: '[-A-Za-z0-9]+',
  examples: ['X-Header-Name'],
});

export const isPercent: NameRule = patternRule({
  message: "a valid percent string must be a numeric string followed by an ending '%'",
  format: '[0-9]+%',
  examples: ['1%', '93%'],
});

export function tooLong(length: number): string {
  return `must be no more than ${length} characters`;
}

/** The reason for a number outside of `low` to `high`. */
export function outOfRange(low: number, high: number): string {
  return `must be between ${low} and ${high}, inclusive`;
}

function leavesFolder(value: string): string[] {
  if (value === '.' || value === '..') return [`must not be '${value}'`];
  return value.startsWith('..') ? ["must not start with '..'"] : [];
}

function patternRule(pattern: Pattern): NameRule {
  const expression = new RegExp(`^${pattern.format}$`);
  const words = describe(pattern);
  return (value) => {
    const reasons: string[] = [];
    if (pattern.maxLength !== undefined && value.length > pattern.maxLength) reasons.push(tooLong(pattern.maxLength));
    if (!expression.test(value)) reasons.push(words);
    return reasons;
  };
}

function describe(pattern: Pattern): string {
  const examples = (pattern.examples ?? []).map((example) => `'${example}', `).join(' or ');
  return `${pattern.message} (${examples && `e.g. ${examples}`}regex used for validation is '${pattern.format}')`;
}
