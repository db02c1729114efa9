import type { Entry } from '../store';

interface Version {
  revision: number;
  /** Undefined: the key was deleted at this revision. */
  entry?: Entry;
}

/** What one key held over time, oldest first. */
export class KeyHistory {
  private versions: Version[] = [];

  get current(): Entry | undefined {
    return this.versions[this.versions.length - 1]?.entry;
  }

  add(revision: number, entry?: Entry): void {
    this.versions.push({ revision, entry });
  }

  at(revision: number): Entry | undefined {
    return this.versions.findLast((version) => version.revision <= revision)?.entry;
  }

  /** Drops what only reads before `revision` could see; true when nothing is left. */
  compact(revision: number): boolean {
    const seen = this.versions.findLast((version) => version.revision <= revision);
    this.versions = this.versions.filter(
      (version) => version.revision > revision || (version === seen && version.entry),
    );
    return this.versions.length === 0;
  }
}
