import { isIP } from 'node:net';
import * as names from '../names';
import type { NameRule } from '../names';

/** Rules that string fields, list items and map keys refer to by name. */
const formats = {
  dnsLabel: names.isDnsLabel,
  dnsSubdomain: names.isDnsSubdomain,
  dns1035Label: names.isDns1035Label,
  /** Label and annotation keys, resource names, finalizers: an optional DNS prefix and a name. */
  qualifiedName: names.isQualifiedName,
  labelValue: names.isLabelValue,
  /** Keys of ConfigMaps and Secrets. */
  configKey: names.isConfigKey,
  envName: names.isEnvName,
  portName: names.isPortName,
  ip: (value) => (isIP(value) ? [] : ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']),
  cidr: (value) => (isCidr(value) ? [] : ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']),
  absolutePath: (value) => (value.startsWith('/') ? [] : ['must be an absolute path']),
} satisfies Record<string, NameRule>;

export type FormatName = keyof typeof formats;

/** What is wrong with `value` by the named rule; empty when nothing is. */
export function checkFormat(format: FormatName, value: string): string[] {
  return formats[format](value);
}

function isCidr(value: string): boolean {
  const [address = '', bits = '', ...rest] = value.split('/');
  const family = isIP(address);
  return (
    rest.length === 0 && family !== 0 && /^(0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)
  );
}
