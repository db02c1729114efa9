import { invalid } from './errors';

/** Ids become file names and cgroup names. Throws Invalid for one that can't. */
export function checkId(kind: string, id: string): void {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/.test(id)) {
    throw invalid(`invalid ${kind} id ${JSON.stringify(id)}: must match [a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}`);
  }
}
