import { ListOf, Obj, Schema, Str, Timestamp } from '../fields';
import { ageColumn, Kind, nameColumn } from '../kind';
import { KubeObject } from '../meta';
import { namespaceStrategy } from './namespace.strategy';

@Schema({ doc: 'How a namespace ends.' })
export class NamespaceSpec {
  @ListOf('string', { doc: 'Who must clean up before it is gone.', optional: true, listType: 'atomic' })
  finalizers?: string[];
}

@Schema({ doc: 'One yes-or-no fact about a namespace.' })
export class NamespaceCondition {
  @Str({ doc: 'The fact.' })
  type!: string;

  @Str({ doc: 'True, False or Unknown.', enum: ['True', 'False', 'Unknown'] })
  status!: 'True' | 'False' | 'Unknown';

  @Str({ doc: 'Short word for the reason.', optional: true })
  reason?: string;

  @Str({ doc: 'The reason in a sentence.', optional: true })
  message?: string;

  @Timestamp({ doc: 'When its status last changed.', optional: true })
  lastTransitionTime?: string;
}

@Schema({ doc: 'What is known of a namespace.' })
export class NamespaceStatus {
  @Str({ doc: 'Whether it is being removed.', optional: true, enum: ['Active', 'Terminating'] })
  phase?: 'Active' | 'Terminating';

  @ListOf(() => NamespaceCondition, {
    doc: 'Yes-or-no facts.',
    optional: true,
    listMapKeys: ['type'],
    patchMergeKey: 'type',
    patchStrategy: 'merge',
  })
  conditions?: NamespaceCondition[];
}

@Schema({ doc: 'A room for names.' })
@Kind<Namespace>({
  group: '',
  version: 'v1',
  plural: 'namespaces',
  shortNames: ['ns'],
  status: true,
  nameFormat: 'dnsLabel',
  strategy: namespaceStrategy,
  columns: [
    nameColumn,
    {
      name: 'Status',
      type: 'string',
      description: 'Whether it is being removed.',
      value: ({ status }) => status.phase ?? '',
    },
    ageColumn,
  ],
  selectableFields: { 'status.phase': ({ status }) => status.phase ?? '' },
  subresources: [{ name: 'finalize', kind: 'Namespace', verbs: ['update'] }],
})
export class Namespace extends KubeObject {
  @Obj(() => NamespaceSpec, { doc: 'How it ends.', default: {} })
  spec!: NamespaceSpec;

  @Obj(() => NamespaceStatus, { doc: 'What is known of it.', default: {} })
  status!: NamespaceStatus;
}
