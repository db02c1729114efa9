import { badRequest, invalid, invalidValue, forbiddenField, type FieldError } from '@gantry/api';
import type { Logs } from '@gantry/rpc';

/** What of a process a user wants to see and speak to (PodExecOptions, PodAttachOptions). */
export interface CommandOptions {
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
  tty: boolean;
}

/** Throws BadRequest when nothing of the process is wanted. */
export function commandOptions(query: URLSearchParams): CommandOptions {
  const tty = flag(query, 'tty');
  const options = {
    stdin: flag(query, 'stdin'),
    stdout: flag(query, 'stdout'),
    stderr: flag(query, 'stderr') && !tty,
    tty,
  };
  if (!options.stdin && !options.stdout && !options.stderr) {
    throw badRequest('you must specify at least 1 of stdin, stdout, stderr');
  }
  return options;
}

/** PodLogOptions. Throws BadRequest for what is no number, Invalid for what lies out of range. */
export function logOptions(query: URLSearchParams, pod: string): Logs {
  const [tailLines, sinceSeconds, limitBytes] = [
    integer(query, 'tailLines'),
    integer(query, 'sinceSeconds'),
    integer(query, 'limitBytes'),
  ];
  const sinceTime = query.get('sinceTime') ?? '';
  if (sinceTime && Number.isNaN(Date.parse(sinceTime)))
    throw badRequest(`sinceTime: "${sinceTime}" is not an RFC 3339 time`);
  const errors: FieldError[] = [];
  if (tailLines !== undefined && tailLines < 0)
    errors.push(invalidValue('tailLines', tailLines, 'must be greater than or equal to 0'));
  if (limitBytes !== undefined && limitBytes < 1)
    errors.push(invalidValue('limitBytes', limitBytes, 'must be greater than 0'));
  if (sinceSeconds !== undefined && sinceTime) {
    errors.push(forbiddenField('', 'at most one of `sinceTime` or `sinceSeconds` may be specified'));
  } else if (sinceSeconds !== undefined && sinceSeconds < 1) {
    errors.push(invalidValue('sinceSeconds', sinceSeconds, 'must be greater than 0'));
  }
  if (errors.length > 0) throw invalid({ group: '', plural: 'pods', kind: 'PodLogOptions' }, pod, errors);
  return {
    follow: flag(query, 'follow'),
    previous: flag(query, 'previous'),
    timestamps: flag(query, 'timestamps'),
    tailLines,
    sinceSeconds,
    sinceTime,
    limitBytes,
  };
}

function flag(query: URLSearchParams, name: string): boolean {
  return ['true', '1'].includes(query.get(name) ?? '');
}

function integer(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^[+-]?\d{1,15}$/.test(text)) throw badRequest(`${name}: "${text}" is not a whole number`);
  return Number(text);
}
