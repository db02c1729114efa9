import { Bool, Int, ListOf, Obj, Schema, Str } from '../fields';
import { META_PACKAGE } from './package';

@Schema({ package: META_PACKAGE, doc: 'What must hold for a write to be carried out.' })
export class Preconditions {
  @Str({ doc: 'The UID the object must have.', optional: true })
  uid?: string;

  @Str({ doc: 'The resourceVersion the object must have.', optional: true })
  resourceVersion?: string;
}

@Schema({ package: META_PACKAGE, doc: 'How an object is to be deleted: the body of a delete request.' })
export class DeleteOptions {
  @Str({ doc: 'Group and version of these options.', optional: true })
  apiVersion?: string;

  @Str({ doc: 'DeleteOptions.', optional: true })
  kind?: string;

  @ListOf('string', {
    doc: 'All: go through every stage but store nothing.',
    optional: true,
    enum: ['All'],
    maxItems: 1,
  })
  dryRun?: 'All'[];

  @Int({ doc: 'Seconds the object has to end by itself; 0 removes it at once.', optional: true, bits: 64, min: 0 })
  gracePeriodSeconds?: number;

  @Bool({ doc: 'Deprecated: true is propagationPolicy Orphan, false is Background.', optional: true })
  orphanDependents?: boolean;

  @Obj(() => Preconditions, { doc: 'What must hold for the object to be deleted.', optional: true })
  preconditions?: Preconditions;

  @Str({
    doc: 'What happens to the objects that this one owns: kept, deleted afterwards, or deleted first.',
    optional: true,
    enum: ['Orphan', 'Background', 'Foreground'],
  })
  propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';

  @Bool({ doc: 'Delete even what cannot be read any more.', optional: true })
  ignoreStoreReadErrorWithClusterBreakingPotential?: boolean;
}
