import { readFileSync } from 'node:fs';
import { errorCode } from '@gantry/base';

/** A kernel file that holds one number; undefined also for `max`, the kernel's word for no limit. */
export const readNumber = (file: string): number | undefined => {
  const text = readText(file);
  return text === undefined || text === 'max' ? undefined : Number(text);
};

/** Undefined when the file is not there: the controller is missing, or the group ended meanwhile. */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (['ENOENT', 'ENODEV'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}

/** The `name value` lines of a kernel file. */
export function readTable(file: string): Map<string, number> {
  const lines = readText(file)?.split('\n') ?? [];
  return new Map(
    lines.map((line) => line.split(' ') as [string, string]).map(([name, value]) => [name, Number(value)]),
  );
}
