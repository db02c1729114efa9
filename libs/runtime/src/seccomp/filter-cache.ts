import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '@gantry/base';
import type { OciSpec } from '../spec/oci-spec';

/** Different sets of capabilities times profiles: far fewer than this in practice, and each some kilobytes. */
const MAX_FILTERS = 64;

/** Where crun takes a filter that is compiled already (crun(1), "run.oci.seccomp_bpf_data"). */
const ANNOTATION = 'run.oci.seccomp_bpf_data';

/**
 * Compiling a profile takes a third of the time a container takes to be created. crun leaves the filter it compiled
 * in its state folder; the next container with the same profile brings it along.
 */
export class FilterCache {
  private readonly filters = new Map<string, string>();

  /** The configuration with its filter, when an equal profile was compiled before. */
  withFilter(spec: OciSpec): OciSpec {
    const filter = spec.linux.seccomp && this.filters.get(JSON.stringify(spec.linux.seccomp));
    return filter === undefined ? spec : { ...spec, annotations: { ...spec.annotations, [ANNOTATION]: filter } };
  }

  /** Takes the filter of a container that crun just created from this configuration. */
  async learn(spec: OciSpec, stateFolder: string): Promise<void> {
    const profile = spec.linux.seccomp && JSON.stringify(spec.linux.seccomp);
    if (profile === undefined || this.filters.has(profile) || this.filters.size >= MAX_FILTERS) return;
    try {
      const filter = await readFile(join(stateFolder, 'seccomp.bpf'), 'base64');
      if (filter !== '') this.filters.set(profile, filter);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
}
